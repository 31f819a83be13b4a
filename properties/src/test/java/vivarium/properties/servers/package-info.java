/** The servers that the claims are tried on: ours, and Apache's as the yardstick. */
@NullMarked
package vivarium.properties.servers;

import org.jspecify.annotations.NullMarked;
