package vivarium.core.session;

import java.util.List;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;

/**
 * Where the requests of a server's clients go that the server can't answer by itself: to the
 * leader, who may be this very server. Nothing is answered at once; answers come with the commits.
 */
public interface Upstream {
    /** Whether nothing can be written for as long as this is upstream. */
    default boolean isReadOnly() {
        return false;
    }

    /** A session asks for a write. */
    void submit(long sessionId, int xid, Operation.Write operation, List<Identity> identities);

    /**
     * A session asks that this server catch up with all that has been proposed by now; {@link
     * Clients#onSynced} says when it has. Answers come in the order of the questions.
     */
    void sync(long sessionId);

    /** A client has come back; {@link Clients#onRevalidated} says whether its session lives. */
    void revalidate(long connection, long sessionId, int timeoutMillis);

    /** A session was heard of. */
    void touch(long sessionId, int timeoutMillis);
}
