/** The specification's behaviours, run in the core: it has to go with each of their steps. */
@NullMarked
package vivarium.properties.replay;

import org.jspecify.annotations.NullMarked;
