@NullMarked
package vivarium.properties.walls.sins.core;

import org.jspecify.annotations.NullMarked;
