/** A server of the simulated ensemble: the real core and storage, and all that drives them. */
@NullMarked
package vivarium.simulation.server;

import org.jspecify.annotations.NullMarked;
