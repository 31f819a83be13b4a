/**
 * The process: configuration, the loop that drives the peer, the threads of the disk, what
 * operators see. Nobody else imports it.
 */
@NullMarked
package vivarium.server;

import org.jspecify.annotations.NullMarked;
