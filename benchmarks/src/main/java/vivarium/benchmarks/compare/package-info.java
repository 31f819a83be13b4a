/**
 * Two servers side by side: the same loads in turns, A B B A, on the same machine in the same run,
 * and what came of it as medians and ratios.
 */
@NullMarked
package vivarium.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
