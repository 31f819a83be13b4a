@NullMarked
package vivarium.properties.walls.sins.plugins;

import org.jspecify.annotations.NullMarked;
