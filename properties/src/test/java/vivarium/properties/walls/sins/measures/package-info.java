@NullMarked
package vivarium.properties.walls.sins.measures;

import org.jspecify.annotations.NullMarked;
