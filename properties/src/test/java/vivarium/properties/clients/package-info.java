/** Each use that the literature gives for ZooKeeper, by Apache's own client and by Curator. */
@NullMarked
package vivarium.properties.clients;

import org.jspecify.annotations.NullMarked;
