@NullMarked
package vivarium.properties.walls.sins.core.zab;

import org.jspecify.annotations.NullMarked;
