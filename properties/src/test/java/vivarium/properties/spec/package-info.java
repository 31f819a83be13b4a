/** The specification and the code, held to each other. */
@NullMarked
package vivarium.properties.spec;

import org.jspecify.annotations.NullMarked;
