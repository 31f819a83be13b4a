/** What simulated servers do, written down in the words of the specification. */
@NullMarked
package vivarium.simulation.spec;

import org.jspecify.annotations.NullMarked;
