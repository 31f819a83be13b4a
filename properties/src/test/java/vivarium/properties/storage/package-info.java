/** The log and the snapshots: what survives which power cut, and that Apache's server agrees. */
@NullMarked
package vivarium.properties.storage;

import org.jspecify.annotations.NullMarked;
