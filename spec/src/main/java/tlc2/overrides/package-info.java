/** What TLC looks for here, by this name. */
@NullMarked
package tlc2.overrides;

import org.jspecify.annotations.NullMarked;
