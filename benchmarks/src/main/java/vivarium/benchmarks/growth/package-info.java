/** How costs grow: with members, znodes, connections, the size of values, and watches. */
@NullMarked
package vivarium.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
