/** What we claim of ensembles of several servers, of our own and beside Apache's. */
@NullMarked
package vivarium.properties.ensemble;

import org.jspecify.annotations.NullMarked;
