@NullMarked
package vivarium.properties.walls.sins.wire;

import org.jspecify.annotations.NullMarked;
