/** Clients that ask, wait, lose their connections, move, and remember what they were told. */
@NullMarked
package vivarium.simulation.client;

import org.jspecify.annotations.NullMarked;
