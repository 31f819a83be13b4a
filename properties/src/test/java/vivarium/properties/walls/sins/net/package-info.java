@NullMarked
package vivarium.properties.walls.sins.net;

import org.jspecify.annotations.NullMarked;
