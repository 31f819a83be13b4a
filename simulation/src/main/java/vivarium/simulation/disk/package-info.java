/** A disk that keeps what was forced to it, and of the rest what chance leaves. */
@NullMarked
package vivarium.simulation.disk;

import org.jspecify.annotations.NullMarked;
