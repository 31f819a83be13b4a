/** Sessions: who is connected, what it still waits for, when it has been silent for too long. */
@NullMarked
package vivarium.core.session;

import org.jspecify.annotations.NullMarked;
