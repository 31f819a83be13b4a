@NullMarked
package vivarium.properties.walls.sins.server;

import org.jspecify.annotations.NullMarked;
