/** The bytes: equal to what Apache's own records make of the same values, and never trusted. */
@NullMarked
package vivarium.properties.wire;

import org.jspecify.annotations.NullMarked;
