package vivarium.simulation.client;

import org.jspecify.annotations.Nullable;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.simulation.history.History;

/**
 * A request that waits for its reply.
 *
 * @param call its place in the history, null if it has none there
 * @param path the znode that it is about
 * @param sequential whether it draws a sequence number
 */
record Ask(
        int xid,
        Operation operation,
        long calledAt,
        History.@Nullable Call call,
        @Nullable Path path,
        boolean sequential) {}
