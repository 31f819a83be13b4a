/**
 * Runs many simulated worlds, on as many threads as there are, and tells people what came of it.
 */
@NullMarked
package vivarium.campaign;

import org.jspecify.annotations.NullMarked;
