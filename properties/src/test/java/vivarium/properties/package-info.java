/**
 * What is claimed of the server, as tests: properties over drawn values, the walls between the
 * rooms, the use that real clients make of a server, comparisons with Apache's server, and planted
 * mistakes that show that each check can fail.
 *
 * <p>Each claim has a package of its own below this one; nothing here ships.
 */
@NullMarked
package vivarium.properties;

import org.jspecify.annotations.NullMarked;
