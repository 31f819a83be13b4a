/**
 * Sockets: the only room that knows netty. What clients send comes in here as bytes and leaves for
 * the core as inputs; what the core answers comes back as records and leaves as bytes.
 *
 * <p>All of it runs on one thread, the {@link vivarium.net.LoopThread}, which is also the thread
 * that steps the peer: between a request's last byte and its step there is no queue.
 */
@NullMarked
package vivarium.net;

import org.jspecify.annotations.NullMarked;
