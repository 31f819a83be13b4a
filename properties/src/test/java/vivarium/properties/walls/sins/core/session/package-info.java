@NullMarked
package vivarium.properties.walls.sins.core.session;

import org.jspecify.annotations.NullMarked;
