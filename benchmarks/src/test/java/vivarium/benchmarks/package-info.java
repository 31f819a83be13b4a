/** That everything that measures still runs; what it measures is not looked at here. */
@NullMarked
package vivarium.benchmarks;

import org.jspecify.annotations.NullMarked;
