@NullMarked
package vivarium.properties.walls.sins.spec;

import org.jspecify.annotations.NullMarked;
