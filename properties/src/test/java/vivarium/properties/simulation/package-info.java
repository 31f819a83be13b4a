/** Runs of the simulated world, and proofs that its checks can fail. */
@NullMarked
package vivarium.properties.simulation;

import org.jspecify.annotations.NullMarked;
