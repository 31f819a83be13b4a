/** What must hold: after each event, and at the end of a run. */
@NullMarked
package vivarium.simulation.check;

import org.jspecify.annotations.NullMarked;
