/** Bytes that are searched for what they reach: see the profile {@code fuzz}. */
@NullMarked
package vivarium.properties.fuzz;

import org.jspecify.annotations.NullMarked;
