/** What is left when the process is killed in the middle of its work. */
@NullMarked
package vivarium.properties.crash;

import org.jspecify.annotations.NullMarked;
