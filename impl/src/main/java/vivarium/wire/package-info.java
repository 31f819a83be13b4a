/**
 * Bytes and what they mean: the frames of clients and of other servers, the records of the log and
 * of snapshots. Nothing here opens a socket or a file, and whatever bytes come in, nothing but a
 * {@link vivarium.wire.MalformedException} comes out of them besides a value.
 */
@NullMarked
package vivarium.wire;

import org.jspecify.annotations.NullMarked;
