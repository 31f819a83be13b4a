/** Watches: who wants to be told of which change. */
@NullMarked
package vivarium.core.watch;

import org.jspecify.annotations.NullMarked;
