/**
 * The deterministic core: all that a server decides, as one single-threaded state machine.
 *
 * <p>Inputs come in by {@link vivarium.core.Peer#step}, effects go out by {@link
 * vivarium.core.Effects}, and nothing else happens: no clock is read, no thread started, no file or
 * socket touched, no die thrown that was not handed in.
 */
@NullMarked
package vivarium.core;

import org.jspecify.annotations.NullMarked;
