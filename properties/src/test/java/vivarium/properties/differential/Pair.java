package vivarium.properties.differential;

import java.io.IOException;
import java.util.List;

/** Two servers, of which the second is compared with the first. */
interface Pair extends AutoCloseable {

    /** The first difference between the two conversations, or an empty text. */
    String firstDifference(List<Step> steps) throws IOException;

    /**
     * Whether the servers are of an ensemble, of which one may trail behind another: a reply may
     * then differ by chance, and only what differs again when it is repeated is a difference.
     */
    default boolean mayTrail() {
        return false;
    }

    /** After a difference the two may have different pasts: from here on they have not. */
    void renew() throws IOException;

    @Override
    void close() throws IOException;
}
