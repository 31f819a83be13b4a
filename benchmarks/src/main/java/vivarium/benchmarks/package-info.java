/**
 * What the server costs: the hot path under JMH with the bytes that each operation allocates, a
 * load generator, and comparisons with Apache's server in the same run on the same machine.
 *
 * <p>Budgets are ratios between the two servers, never absolute times, so that they hold on any
 * machine.
 */
@NullMarked
package vivarium.benchmarks;

import org.jspecify.annotations.NullMarked;
