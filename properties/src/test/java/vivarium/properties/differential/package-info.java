/**
 * The same conversation with Apache's server and with ours must be the same conversation: drawn
 * sequences of requests, every reply and every event compared in order.
 */
@NullMarked
package vivarium.properties.differential;

import org.jspecify.annotations.NullMarked;
