@NullMarked
package vivarium.properties.walls.sins.campaign;

import org.jspecify.annotations.NullMarked;
