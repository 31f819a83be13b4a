/**
 * The walls of the house: which room may use which, what the deterministic rooms may never call,
 * and how large a file and a method may grow.
 *
 * <p>A wall that cannot fall is no wall. Beside each of them a sin is planted, in {@code sins}
 * below this package or in a scratch folder, and a test shows that the wall falls on it.
 */
@NullMarked
package vivarium.properties.walls;

import org.jspecify.annotations.NullMarked;
