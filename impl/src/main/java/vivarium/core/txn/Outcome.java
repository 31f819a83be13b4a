package vivarium.core.txn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;

/** What came of an operation: what its reply says. */
public sealed interface Outcome {

    /** Done, and there is nothing to say. */
    record Done() implements Outcome {
        /** The only one that is needed. */
        public static final Done DONE = new Done();
    }

    /** In a multi only: the version was as expected. */
    record Checked() implements Outcome {
        /** The only one that is needed. */
        public static final Checked CHECKED = new Checked();
    }

    /** Refused; in a multi also the mark of a part before or after the one that failed. */
    record Failed(ErrorCode error) implements Outcome {}

    record Created(Operation.CreateKind kind, Path path, Stat stat) implements Outcome {}

    /** The stat that exists, setData and setACL reply. */
    record StatOf(Stat stat) implements Outcome {}

    record Data(@Nullable Bytes data, Stat stat) implements Outcome {}

    record AclOf(List<Acl> acl, Stat stat) implements Outcome {}

    /** The children's names; the stat is that of their parent, null where it was not asked. */
    record Children(List<Bytes> names, @Nullable Stat stat) implements Outcome {}

    record Synced(@Nullable Path path) implements Outcome {}

    record Ephemerals(List<Path> paths) implements Outcome {}

    record Count(int number) implements Outcome {}

    record Who(List<Identity> identities) implements Outcome {}

    /** addWatch replies with an error code of 0 in its body. */
    record WatchAdded() implements Outcome {}

    /**
     * One outcome a part, in order. Where the multi failed each is {@link Failed}, with {@link
     * ErrorCode#OK} for the parts before the one that failed; else {@link Done} means a delete.
     */
    record MultiOutcome(List<Outcome> parts) implements Outcome {}
}
