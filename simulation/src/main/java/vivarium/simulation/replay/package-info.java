/** What was recorded of a real server happens again, to the same core. */
@NullMarked
package vivarium.simulation.replay;

import org.jspecify.annotations.NullMarked;
