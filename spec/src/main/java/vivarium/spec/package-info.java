/** Runs the model checker over the specification, and holds it to what was recorded of it. */
@NullMarked
package vivarium.spec;

import org.jspecify.annotations.NullMarked;
