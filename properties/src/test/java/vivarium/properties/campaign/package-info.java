/** The front door of the simulation, as people and machines use it: by processes and files. */
@NullMarked
package vivarium.properties.campaign;

import org.jspecify.annotations.NullMarked;
