/**
 * A house of sins: its rooms have the names of those that ship, and in each of them somebody does
 * what must not be done there. It shows that the walls can fall.
 */
@NullMarked
package vivarium.properties.walls.sins;

import org.jspecify.annotations.NullMarked;
