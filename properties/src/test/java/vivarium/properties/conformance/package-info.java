/** What clients and operators rely on, to the byte: one test for each fact of the protocol. */
@NullMarked
package vivarium.properties.conformance;

import org.jspecify.annotations.NullMarked;
