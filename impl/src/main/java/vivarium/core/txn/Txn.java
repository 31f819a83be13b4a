package vivarium.core.txn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;

/**
 * What is agreed: every condition has been decided, every version is the one that results, so that
 * it means the same on every server and may be applied again to a tree that has it already.
 */
public sealed interface Txn {

    /** What a create makes. */
    enum Lifetime {
        PERSISTENT,
        EPHEMERAL,
        CONTAINER,
        TTL
    }

    /**
     * @param kind the request that it answers, which is also its type in the log
     * @param ephemeral whether the znode dies with the session that created it
     * @param parentCversion the parent's creation counter afterwards; -1 in logs older than 3.4
     * @param ttlMillis -1 unless the kind is {@link Operation.CreateKind#TTL}
     */
    record Create(
            Operation.CreateKind kind,
            Path path,
            @Nullable Bytes data,
            List<Acl> acl,
            boolean ephemeral,
            int parentCversion,
            long ttlMillis)
            implements Txn {

        /** What kind of znode it makes. */
        public Lifetime lifetime() {
            return switch (kind) {
                case CREATE, CREATE2 -> ephemeral ? Lifetime.EPHEMERAL : Lifetime.PERSISTENT;
                case CONTAINER -> Lifetime.CONTAINER;
                case TTL -> Lifetime.TTL;
            };
        }
    }

    /**
     * @param byLeader whether it was the leader that removed a container or an outlived znode,
     *     which has a type of its own in the log
     */
    record Delete(Path path, boolean byLeader) implements Txn {}

    /**
     * @param version the resulting version
     * @param reconfig whether it sets the ensemble's configuration, a type of its own in the log
     */
    record SetData(Path path, @Nullable Bytes data, int version, boolean reconfig) implements Txn {}

    /**
     * @param version the resulting version of the access list
     */
    record SetAcl(Path path, List<Acl> acl, int version) implements Txn {}

    /** In a multi only: the condition held, there is nothing to do. */
    record CheckVersion(Path path, int version) implements Txn {}

    record CreateSession(int timeoutMillis) implements Txn {}

    /**
     * @param paths the session's ephemerals at the moment of the proposal, those of outstanding
     *     proposals included, or the first of them; null in logs older than 3.6
     */
    record CloseSession(@Nullable List<Path> paths) implements Txn {
        /** How long the listed names may be together, half of the default jute.maxbuffer. */
        private static final int MOST_BYTES = 512 << 10;

        /**
         * What the list leaves out is swept up by every server, Apache's too; but a list of any
         * length would be a transaction that Apache's servers can't read.
         */
        static CloseSession listing(Iterable<Path> ephemerals) {
            List<Path> listed = new ArrayList<>();
            int bytes = 0;
            for (Path path : ephemerals) {
                bytes += path.length();
                if (bytes > MOST_BYTES) {
                    break;
                }
                listed.add(path);
            }
            return new CloseSession(listed);
        }
    }

    /** A refusal, agreed upon as any other result; alone or as each part of a failed multi. */
    record Failure(int error) implements Txn {}

    record Multi(List<Txn> parts) implements Txn {}
}
