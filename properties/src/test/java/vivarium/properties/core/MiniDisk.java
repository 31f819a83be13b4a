package vivarium.properties.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Proposal;

/**
 * What one peer has on disk, as records: the part of the log that is forced, and the part that a
 * crash takes. Damage to bytes is tried elsewhere.
 */
final class MiniDisk {
    private static final int PORTION = 3;

    final List<Proposal> log = new ArrayList<>();
    int forced;
    long acceptedEpoch;
    long currentEpoch;
    private @Nullable Picture saved;
    @Nullable Picture taking;

    /** A snapshot. */
    static final class Picture {
        final SnapshotHead head;
        private final List<Leaf> znodes = new ArrayList<>();

        Picture(SnapshotHead head) {
            this.head = head;
        }

        void add(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {
            znodes.add(new Leaf(path, data, aclId, stat));
        }

        private record Leaf(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {}

        Replica load() {
            Replica replica = Replica.unloaded(true);
            head.sessions().forEach(s -> replica.loadSession(s.id(), s.timeoutMillis()));
            for (Leaf leaf : znodes) {
                List<Acl> acl = null;
                for (SnapshotHead.AclEntry entry : head.acls()) {
                    acl = entry.id() == leaf.aclId() ? entry.acl() : acl;
                }
                replica.tree().load(leaf.path(), leaf.data(), acl, leaf.stat());
            }
            replica.loaded(head.zxid());
            return replica;
        }
    }

    /** The snapshot is whole and safe. */
    void save(Picture picture) {
        saved = picture;
        if (picture.head.replaces()) {
            log.clear();
            forced = 0;
        }
    }

    void truncate(long zxid) {
        log.removeIf(proposal -> proposal.zxid() > zxid);
        forced = log.size();
    }

    /** What was not forced is gone. */
    void crash() {
        while (log.size() > forced) {
            log.removeLast();
        }
        taking = null;
    }

    /** A new disk takes its place. */
    void wipe() {
        log.clear();
        forced = 0;
        acceptedEpoch = 0;
        currentEpoch = 0;
        saved = null;
        taking = null;
    }

    /** A few proposals at a time. */
    Input.LogRead readLog(long zxid) {
        long found = -1;
        List<Proposal> behind = new ArrayList<>();
        for (Proposal proposal : log) {
            if (proposal.zxid() <= zxid) {
                found = proposal.zxid();
            } else if (behind.size() < PORTION) {
                behind.add(proposal);
            }
        }
        boolean follows =
                !behind.isEmpty() && behind.getFirst().zxid() == zxid + 1 && Zxid.counter(zxid) > 0;
        return new Input.LogRead(zxid, follows ? zxid : found, behind);
    }

    Recovered recover() {
        Picture from = saved;
        Replica replica = from == null ? Replica.fresh(true) : from.load();
        long start = replica.lastProcessedZxid();
        int since = 0;
        for (Proposal proposal : log) {
            if (proposal.zxid() > start) {
                replica.apply(proposal);
                since++;
            }
        }
        return new Recovered(
                replica, acceptedEpoch, currentEpoch, from == null ? -1 : start, since);
    }
}
