/** The checker of histories, on histories known to be good and known to be bad. */
@NullMarked
package vivarium.properties.linearizability;

import org.jspecify.annotations.NullMarked;
