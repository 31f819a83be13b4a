@NullMarked
package vivarium.properties.walls.sins.core.tree;

import org.jspecify.annotations.NullMarked;
