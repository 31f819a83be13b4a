@NullMarked
package vivarium.properties.walls.sins.core.txn;

import org.jspecify.annotations.NullMarked;
