/**
 * From what a client asks (an operation) to what is agreed (a transaction), and what comes of it.
 */
@NullMarked
package vivarium.core.txn;

import org.jspecify.annotations.NullMarked;
