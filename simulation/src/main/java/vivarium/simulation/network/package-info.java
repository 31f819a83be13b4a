/** What lies between the servers. */
@NullMarked
package vivarium.simulation.network;

import org.jspecify.annotations.NullMarked;
