/** How long an ensemble acknowledges nothing when its leader is killed. */
@NullMarked
package vivarium.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
