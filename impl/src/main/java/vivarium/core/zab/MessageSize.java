package vivarium.core.zab;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.txn.Txn;

/** About how much memory a message keeps from being freed, as long as it waits to be sent. */
public final class MessageSize {
    private static final int LEAST_BYTES = 64;

    private MessageSize() {}

    /** In bytes; never 0, since a record takes room whatever it says. */
    public static long bytes(Message message) {
        return switch (message) {
            case Message.Propose propose -> bytes(propose.proposal().txn());
            case Message.Inform inform -> bytes(inform.proposal().txn());
            case Message.SnapZnodes znodes -> {
                long sum = 0;
                for (Message.SnapZnode znode : znodes.znodes()) {
                    sum += LEAST_BYTES + znode.path().length() + length(znode.data());
                }
                yield sum;
            }
            case Message.SnapHead head ->
                    (long) LEAST_BYTES
                            * (head.head().sessions().size() + head.head().acls().size());
            case Message.Pong pong -> (long) LEAST_BYTES * (1 + pong.sessions().size());
            // A request's data is that of its client's frame, which the client's port counts.
            case Message.FromLearner _, Message.FromLeader _ -> LEAST_BYTES;
        };
    }

    private static long bytes(Txn txn) {
        return switch (txn) {
            case Txn.Create create -> LEAST_BYTES + create.path().length() + length(create.data());
            case Txn.SetData set -> LEAST_BYTES + set.path().length() + length(set.data());
            case Txn.Multi multi -> {
                long sum = LEAST_BYTES;
                for (Txn part : multi.parts()) {
                    sum += bytes(part);
                }
                yield sum;
            }
            case Txn.CloseSession close ->
                    (long) LEAST_BYTES * (1 + (close.paths() == null ? 0 : close.paths().size()));
            case Txn.Delete _,
                    Txn.SetAcl _,
                    Txn.CheckVersion _,
                    Txn.CreateSession _,
                    Txn.Failure _ ->
                    LEAST_BYTES;
        };
    }

    private static int length(@Nullable Bytes data) {
        return data == null ? 0 : data.length();
    }
}
