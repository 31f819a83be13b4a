/** What operators rely on: the configuration, the process, the limits of the port. */
@NullMarked
package vivarium.properties.server;

import org.jspecify.annotations.NullMarked;
