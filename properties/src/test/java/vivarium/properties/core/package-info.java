/** What the deterministic core promises, tried on the core alone with the world played by hand. */
@NullMarked
package vivarium.properties.core;

import org.jspecify.annotations.NullMarked;
