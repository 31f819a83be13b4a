package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Capture;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/** A snapshot has all of the tree as it was when it began, and nothing of what came after. */
final class CaptureTest {

    /** All there is to know of one znode. */
    private record Picture(@Nullable Bytes data, long aclId, StatPersisted stat) {}

    private static Map<Path, Picture> pictureOf(DataTree tree, int step) {
        Map<Path, Picture> all = new LinkedHashMap<>();
        Capture capture =
                tree.capture((path, data, acl, stat) -> {
                    Path parent = path.isRoot() ? null : path.parent();
                    assertTrue(
                            parent == null || all.containsKey(parent),
                            () -> path + " before its parent");
                    Picture twice = all.put(path, new Picture(data, acl, stat));
                    assertEquals(null, twice, () -> path + " twice");
                });
        while (!capture.advance(step)) {
            assertTrue(tree.isBeingCaptured());
        }
        return all;
    }

    @Test
    void aPictureTakenWhileTheTreeChangesIsTheTreeAsItWas() {
        Seeds.each(
                300,
                random -> {
                    Replica replica = Replica.fresh(true);
                    Preparer preparer = new Preparer(replica.tree(), World.settings());
                    RandomTxns draw = new RandomTxns(random);
                    Commits commits = new Commits(replica, preparer);
                    for (int round = 0; round < 4; round++) {
                        for (int i = 0; i < 60; i++) {
                            commits.next(draw.write());
                        }
                        Map<Path, Picture> before = pictureOf(replica.tree(), 1_000);
                        var acls = replica.tree().acls();
                        long digest = replica.digest();
                        Map<Path, Picture> taken = new LinkedHashMap<>();
                        Capture capture =
                                replica.tree()
                                        .capture((path, data, acl, stat) ->
                                                taken.put(path, new Picture(data, acl, stat)));
                        while (!capture.isDone()) {
                            commits.next(draw.write());
                            if (random.nextBoolean()) {
                                capture.advance(1 + random.nextInt(3));
                            }
                        }
                        assertEquals(before, taken);
                        assertEquals(digest, reload(taken, acls).digest());
                    }
                });
    }

    private static DataTree reload(Map<Path, Picture> taken, Iterable<SnapshotHead.AclEntry> acls) {
        DataTree tree = new DataTree(true);
        taken.forEach((path, picture) -> {
            SnapshotHead.AclEntry found = null;
            for (SnapshotHead.AclEntry entry : acls) {
                found = entry.id() == picture.aclId() ? entry : found;
            }
            assertTrue(found != null || picture.aclId() == -1);
            assertTrue(
                    tree.load(
                            path,
                            picture.data(),
                            found == null ? null : found.acl(),
                            picture.stat()));
        });
        return tree;
    }

    /** Each operation is committed at once. */
    private static final class Commits {
        private final Replica replica;
        private final Preparer preparer;
        private long zxid;

        Commits(Replica replica, Preparer preparer) {
            this.replica = replica;
            this.preparer = preparer;
        }

        void next(Operation.Write write) {
            zxid++;
            Preparer.Asker asker = new Preparer.Asker(9, null, RandomTxns.WHO, zxid, zxid);
            Txn txn = preparer.prepare(asker, write);
            replica.apply(new Proposal(zxid, 9, 0, zxid, txn, false, 0));
            preparer.committed(zxid);
        }
    }
}
