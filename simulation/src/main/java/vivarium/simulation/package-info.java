/**
 * The simulated world: one thread, one seed, and one queue of events ordered by time and sequence.
 *
 * <p>The servers in it run the very classes that ship: the core, the codecs, and the storage over a
 * disk that can lose, tear, delay and rot. Networks, clocks, disks and clients fail as the seed
 * says, and the same seed gives the same run, to the last event, in every JVM.
 */
@NullMarked
package vivarium.simulation;

import org.jspecify.annotations.NullMarked;
