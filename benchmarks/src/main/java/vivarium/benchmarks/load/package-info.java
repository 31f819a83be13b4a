/**
 * A load generator that costs little: one thread, plain sockets, requests that were encoded once
 * and are sent again and again. Whatever it costs, it costs the same beside either server.
 */
@NullMarked
package vivarium.benchmarks.load;

import org.jspecify.annotations.NullMarked;
