/**
 * The hot path under JMH, piece by piece and whole: the steps of the core, the frames of clients,
 * the records of the log. In one thread, with no socket and no disk, so that what is seen is the
 * code's own time and, by {@code -prof gc}, every byte that it allocates.
 */
@NullMarked
package vivarium.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
