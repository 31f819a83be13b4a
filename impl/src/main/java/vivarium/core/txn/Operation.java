package vivarium.core.txn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;

/**
 * What a client asks, just as it asked it: nothing here has been judged yet.
 *
 * <p>A version of -1 means "whatever the version is".
 */
public sealed interface Operation {

    /** What changes the tree, or could: it goes through the leader. */
    sealed interface Write extends Operation {}

    /** What any server answers from its own tree. */
    sealed interface Read extends Operation {}

    /** What may stand in a multi. */
    sealed interface Part extends Write {}

    /** The four requests that create a znode; they differ in what they can create and reply. */
    enum CreateKind {
        CREATE(1),
        CREATE2(15),
        CONTAINER(19),
        TTL(21);

        private final int opcode;

        CreateKind(int opcode) {
            this.opcode = opcode;
        }

        /** The code of the request, of the transaction, and in a multi's result. */
        public int opcode() {
            return opcode;
        }

        /** Whether the reply has the new znode's stat besides its path. */
        public boolean repliesStat() {
            return this != CREATE;
        }
    }

    /**
     * Creates a znode.
     *
     * @param acl null or empty is refused
     * @param flags the mode by its number on the wire, which may not exist
     * @param ttlMillis only with {@link CreateKind#TTL}; -1 otherwise
     */
    record Create(
            CreateKind kind,
            Path path,
            @Nullable Bytes data,
            @Nullable List<Acl> acl,
            int flags,
            long ttlMillis)
            implements Part {}

    record Delete(Path path, int version) implements Part {}

    /** The leader's own wish to remove an empty container or a znode whose time is over. */
    record DeleteContainer(Path path) implements Write {}

    record SetData(Path path, @Nullable Bytes data, int version) implements Part {}

    record SetAcl(Path path, @Nullable List<Acl> acl, int version) implements Write {}

    record CheckVersion(Path path, int version) implements Part {}

    /** All of the parts or none, under one zxid. */
    record Multi(List<Part> parts) implements Write {}

    /** Opens a session of {@code timeoutMillis}; made by the server that a client connects to. */
    record CreateSession(int timeoutMillis) implements Write {}

    record CloseSession() implements Write {}

    /**
     * Asks for another ensemble, with new members or all members named anew.
     *
     * @param configVersion of the configuration that it is to replace, -1 for whichever there is
     */
    record Reconfig(
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String members,
            long configVersion)
            implements Write {}

    /** A write whose body could not be read: it fails, but takes a zxid as any write does. */
    record MalformedWrite(int opcode) implements Write {}

    record Exists(Path path, boolean watch) implements Read {}

    record GetData(Path path, boolean watch) implements Read {}

    record GetAcl(Path path) implements Read {}

    /** The names of the children, with the parent's stat where {@code withStat}. */
    record GetChildren(Path path, boolean watch, boolean withStat) implements Read {}

    /** Paths of the ephemerals of the asking session that start with {@code prefix}. */
    record GetEphemerals(Path prefix) implements Read {}

    /** The number of all descendants. */
    record GetAllChildrenNumber(Path path) implements Read {}

    record WhoAmI() implements Read {}

    /** Several reads, each answered for itself. */
    record MultiRead(List<Read> parts) implements Read {}

    /**
     * Sets again the watches that a client had on its last connection.
     *
     * @param relativeZxid the last transaction that the client has heard of
     */
    record SetWatches(
            long relativeZxid,
            List<Path> data,
            List<Path> exist,
            List<Path> child,
            List<Path> persistent,
            List<Path> persistentRecursive)
            implements Read {}

    record AddWatch(Path path, int mode) implements Read {}

    record CheckWatches(Path path, int type) implements Read {}

    record RemoveWatches(Path path, int type) implements Read {}

    /** A read whose body could not be read. */
    record MalformedRead(int opcode) implements Read {}

    /** A request that no server knows, or that no client may send. */
    record Unknown(int opcode) implements Read {}

    /** A request that had waited for too long when it was taken: it is not done. */
    record Throttled() implements Read {}

    /** Keeps the session alive. */
    record Ping() implements Read {}

    /** Completes when this server has caught up with all that the leader had proposed. */
    record Sync(@Nullable Path path) implements Operation {}
}
