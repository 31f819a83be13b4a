/** Whatever bytes arrive: a defined answer or a closed connection, and nobody else is disturbed. */
@NullMarked
package vivarium.properties.badinput;

import org.jspecify.annotations.NullMarked;
