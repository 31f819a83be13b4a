/**
 * Classes that operators bring along, written for Apache's server. The only room that knows
 * Apache's types: they come with the plug-in, from the operator's class path, and never with this
 * server. Nothing of this room is loaded where the configuration names no plug-in.
 */
@NullMarked
package vivarium.plugins;

import org.jspecify.annotations.NullMarked;
