/** Medians, tables and charts of made-up results. */
@NullMarked
package vivarium.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
