@NullMarked
package vivarium.properties.walls.sins.core.watch;

import org.jspecify.annotations.NullMarked;
