/**
 * A ZooKeeper client of plain sockets and plain bytes, which can say things that no proper client
 * would say. It shares no code with any server.
 */
@NullMarked
package vivarium.properties.raw;

import org.jspecify.annotations.NullMarked;
