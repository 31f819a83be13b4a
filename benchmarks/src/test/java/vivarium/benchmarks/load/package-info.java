/**
 * The load generator, tried on Apache's server: it must measure what it says, and must not hide
 * errors.
 */
@NullMarked
package vivarium.benchmarks.load;

import org.jspecify.annotations.NullMarked;
