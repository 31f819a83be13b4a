/** The tree of znodes: paths, stats, access lists, digest. */
@NullMarked
package vivarium.core.tree;

import org.jspecify.annotations.NullMarked;
