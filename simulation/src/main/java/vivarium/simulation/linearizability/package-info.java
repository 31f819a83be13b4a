/**
 * Decides whether a history of concurrent operations could have come from a single copy that does
 * one operation at a time: the search of Wing and Gong, with Lowe's cache of configurations that
 * were seen before.
 */
@NullMarked
package vivarium.simulation.linearizability;

import org.jspecify.annotations.NullMarked;
