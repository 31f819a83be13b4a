@NullMarked
package vivarium.properties.walls.sins.core.election;

import org.jspecify.annotations.NullMarked;
