/**
 * The two servers that are compared, each as a process of its own that is started the way its users
 * start it, and what can be seen of such a process from outside.
 */
@NullMarked
package vivarium.benchmarks.servers;

import org.jspecify.annotations.NullMarked;
