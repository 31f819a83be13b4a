/** Time, chance and the record of a run: what makes one seed one run. */
@NullMarked
package vivarium.simulation.engine;

import org.jspecify.annotations.NullMarked;
