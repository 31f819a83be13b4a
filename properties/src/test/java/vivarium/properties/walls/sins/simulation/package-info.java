@NullMarked
package vivarium.properties.walls.sins.simulation;

import org.jspecify.annotations.NullMarked;
