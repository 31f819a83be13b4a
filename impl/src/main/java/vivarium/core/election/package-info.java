/** Fast leader election: who should lead. */
@NullMarked
package vivarium.core.election;

import org.jspecify.annotations.NullMarked;
