/**
 * Mistakes planted on purpose: small changes of the server's sources, compiled beside it and put in
 * front of it, that a check must fall on. A check that can't fail is no check.
 */
@NullMarked
package vivarium.properties.planted;

import org.jspecify.annotations.NullMarked;
