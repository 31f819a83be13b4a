package vivarium.simulation.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Outcome;

/**
 * Znodes that belong to a circle of clients: whoever has proven to be of the circle may do anything
 * with its znode, nobody else may do anything.
 */
final class Secrets {
    static final String SCHEME = "digest";
    private static final long CIRCLES = 3;
    private static final String PREFIX = "/s";

    private Secrets() {}

    /** The circle that a client belongs to. */
    static long circle(long client) {
        return client % CIRCLES;
    }

    static Path path(long circle) {
        return Path.of(PREFIX + circle);
    }

    /** Who a client of the circle has proven to be. */
    static String identity(long circle) {
        return "u" + circle + ":proven";
    }

    static List<Acl> acl(long circle) {
        return List.of(new Acl(Acl.ALL, SCHEME, identity(circle)));
    }

    /** What is wrong with this outcome for this client, null if nothing is. */
    static @Nullable String fault(long client, @Nullable Path path, Outcome outcome) {
        if (path == null || !path.toString().startsWith(PREFIX)) {
            return null;
        }
        boolean own = path.equals(path(circle(client)));
        boolean refused =
                outcome instanceof Outcome.Failed failed && failed.error() == ErrorCode.NO_AUTH;
        boolean missing =
                outcome instanceof Outcome.Failed failed && failed.error() == ErrorCode.NO_NODE;
        if (own) {
            return refused ? "is refused its own " + path : null;
        }
        return refused || missing ? null : "is let into " + path + " of others: " + outcome;
    }
}
