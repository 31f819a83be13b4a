/** What clients have asked and been told, and what it would have to mean on a single copy. */
@NullMarked
package vivarium.simulation.history;

import org.jspecify.annotations.NullMarked;
