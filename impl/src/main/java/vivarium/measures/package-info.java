/**
 * What is counted of a server, in plain fields of the threads that count, and the form in which a
 * registry asks for it.
 */
@NullMarked
package vivarium.measures;

import org.jspecify.annotations.NullMarked;
