/** The phases of Zab: what a peer is doing just now, and what it does with each input in it. */
@NullMarked
package vivarium.core.zab;

import org.jspecify.annotations.NullMarked;
