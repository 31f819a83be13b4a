@NullMarked
package vivarium.properties.walls.sins.storage;

import org.jspecify.annotations.NullMarked;
