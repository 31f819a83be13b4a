package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Capture;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Owner;
import vivarium.core.tree.Path;
import vivarium.core.tree.QuotaFigures;
import vivarium.core.tree.StatPersisted;
import vivarium.core.tree.TreeListener;
import vivarium.core.tree.Znode;
import vivarium.core.watch.WatchEvent;

/**
 * What a tree keeps beside its znodes, and what it makes of a transaction that a snapshot shows
 * already.
 */
final class DataTreeTest {
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/a/b");
    private static final Path C = Path.of("/a/b/c");
    private static final List<Acl> MINE = List.of(new Acl(Acl.ALL, "digest", "me:hash"));
    private static final List<Acl> YOURS = List.of(new Acl(Acl.READ, "digest", "you:hash"));

    private final DataTree tree = DataTree.fresh(true);
    private final List<SnapshotHead.AclEntry> born = tree.acls();

    private static StatPersisted stat(long zxid, long owner) {
        return new StatPersisted(zxid, zxid, 1, 1, 0, 0, 0, owner, zxid);
    }

    private Znode create(Path path, List<Acl> acl, long zxid) {
        Znode znode = tree.create(path, Bytes.utf8("x"), acl, -1, stat(zxid, Owner.NONE));
        assertNotNull(znode);
        return znode;
    }

    private Znode found(Path path) {
        Znode znode = tree.find(path);
        assertNotNull(znode);
        return znode;
    }

    private Bytes data(Path path) {
        return Objects.requireNonNull(found(path).data());
    }

    @Test
    void anAccessListIsKeptAsLongAsAZnodeHasIt() {
        create(A, MINE, 1);
        create(B, MINE, 2);
        assertEquals(born.size() + 1, tree.acls().size());
        tree.setAcl(A, YOURS, 1);
        assertEquals(born.size() + 2, tree.acls().size());
        // In a snapshot, less than that stands for the open list.
        assertTrue(tree.acls().stream().allMatch(entry -> entry.id() > 0), tree.acls()::toString);
        tree.setAcl(A, MINE, 2);
        assertEquals(born.size() + 1, tree.acls().size());
        tree.delete(B, 3);
        tree.delete(A, 4);
        assertEquals(born, tree.acls());
    }

    @Test
    void aContainerThatIsGoneIsLookedAtNoMore() {
        tree.create(A, Bytes.EMPTY, MINE, 1, stat(1, Owner.CONTAINER));
        tree.create(B, Bytes.EMPTY, MINE, 1, stat(2, Owner.ttl(5)));
        assertEquals(List.of(A, B), tree.mortals());
        tree.delete(B, 3);
        tree.delete(A, 4);
        assertEquals(List.of(), tree.mortals());
    }

    @Test
    void theSizeIsThatOfAllPathsAndData() {
        long before = tree.approximateDataSize();
        assertEquals(
                "/".length()
                        + "/zookeeper".length()
                        + "/zookeeper/quota".length()
                        + "/zookeeper/config".length(),
                before);
        create(A, MINE, 1);
        tree.setData(A, Bytes.utf8("longer"), 1, 2, 1);
        assertEquals(before + "/a".length() + "longer".length(), tree.approximateDataSize());
        tree.delete(A, 3);
        assertEquals(before, tree.approximateDataSize());
    }

    @Test
    void descendantsAreAllThatStandBelow() {
        create(A, MINE, 1);
        create(B, MINE, 2);
        create(C, MINE, 3);
        create(Path.of("/a/d"), MINE, 4);
        create(Path.of("/e"), MINE, 5);
        assertEquals(3, tree.descendants(found(A)));
        assertEquals(1, tree.descendants(found(B)));
        assertEquals(0, tree.descendants(found(C)));
        assertEquals(8, tree.descendants(found(Path.ROOT)));
    }

    // ---- transactions that a snapshot shows already, or shows in part

    @Test
    void aZnodeThatIsThereAlreadyGetsTheListItIsCreatedWith() {
        create(A, YOURS, 1);
        assertNull(tree.create(A, Bytes.EMPTY, MINE, 1, stat(1, Owner.NONE)));
        assertEquals(MINE, found(A).acl());
        assertEquals(born.size() + 1, tree.acls().size());
    }

    /** As old logs say it, which do not number children. */
    @Test
    void aCreationWithoutANumberIsOneMore() {
        create(A, MINE, 1);
        create(B, MINE, 2);
        assertEquals(1, found(A).created());
        create(Path.of("/a/d"), MINE, 3);
        assertEquals(2, found(A).created());
        assertEquals(3, found(A).pzxid());
    }

    @Test
    void aDeletionOfWhatIsGoneIsToldToTheParentOnly() {
        create(A, MINE, 1);
        long digest = tree.digest();
        assertFalse(tree.delete(B, 7));
        assertEquals(7, found(A).pzxid());
        assertTrue(digest != tree.digest(), "the parent's zxid is part of the digest");
        assertFalse(tree.delete(C, 8), "its parent is gone too");
        assertFalse(tree.delete(Path.ROOT, 9));
    }

    @Test
    void aDeletionTakesAlongWhatAppearedBelowIt() {
        long digest = tree.digest();
        create(A, MINE, 1);
        create(B, MINE, 2);
        create(C, MINE, 3);
        create(Path.of("/a/d"), MINE, 4);
        int before = tree.nodeCount();
        assertTrue(tree.delete(A, 5));
        assertEquals(before - 4, tree.nodeCount());
        assertNull(tree.find(C));
        assertEquals(born, tree.acls());
        // The root's pzxid and counter are all that tells of it.
        assertEquals(1, found(Path.ROOT).created());
        assertTrue(digest != tree.digest());
    }

    @Test
    void aSnapshotWithTwoOfOneNameOrWithoutAParentIsNoTree() {
        DataTree loaded = new DataTree(true);
        assertTrue(loaded.load(Path.ROOT, Bytes.EMPTY, null, StatPersisted.ZERO));
        assertFalse(loaded.load(B, Bytes.EMPTY, null, StatPersisted.ZERO));
        assertTrue(loaded.load(A, Bytes.EMPTY, null, StatPersisted.ZERO));
        assertFalse(loaded.load(A, Bytes.EMPTY, null, StatPersisted.ZERO));
        assertFalse(loaded.load(Path.ROOT, Bytes.EMPTY, null, StatPersisted.ZERO));
    }

    // ---- quotas

    private final List<OverQuota> warnings = new ArrayList<>();

    private static Path home(Path top) {
        Path above = top.parent();
        return above == null || top.isRoot() ? DataTree.QUOTA : home(above).child(top.name());
    }

    private void limit(Path top, String limits, long zxid) {
        Path quota = home(top);
        create(quota, MINE, zxid);
        create(quota.child("zookeeper_limits"), MINE, zxid);
        tree.setData(quota.child("zookeeper_limits"), Bytes.utf8(limits), 1, zxid, 1);
        create(quota.child("zookeeper_stats"), MINE, zxid);
    }

    private void listen() {
        tree.listen(
                new TreeListener() {
                    @Override
                    public void onChange(WatchEvent event, List<Acl> acl) {}

                    @Override
                    public void onOverQuota(OverQuota excess) {
                        warnings.add(excess);
                    }
                });
    }

    @Test
    void aWarningIsToldOfGrowthAboveTheLimit() {
        create(A, MINE, 1);
        limit(A, "count=2,bytes=4", 2);
        listen();
        create(B, MINE, 3);
        tree.setData(B, Bytes.utf8("xxx"), 1, 4, 1);
        assertEquals(List.of(), warnings, "as much as there may be");
        create(C, MINE, 5);
        assertEquals(
                List.of(new OverQuota(A, false, 3, 2), new OverQuota(A, true, 5, 4)), warnings);
        warnings.clear();
        tree.setData(B, Bytes.utf8("xx"), 2, 6, 1);
        tree.setData(B, Bytes.utf8("yy"), 3, 7, 1);
        assertEquals(List.of(), warnings, "it has not grown");
        tree.setData(B, Bytes.utf8("xxxx"), 4, 8, 1);
        assertEquals(List.of(new OverQuota(A, true, 6, 4)), warnings);
    }

    @Test
    void noneOfNothingMayBeALimit() {
        create(A, MINE, 1);
        limit(A, "count=0,bytes=0", 2);
        listen();
        create(B, MINE, 3);
        assertEquals(
                List.of(new OverQuota(A, false, 2, 0), new OverQuota(A, true, 2, 0)), warnings);
    }

    /** A znode counts for the deepest one at or above it. */
    @Test
    void whenAnInnerQuotaGoesTheOuterOneCounts() {
        create(A, MINE, 1);
        create(B, MINE, 2);
        limit(A, "count=9,bytes=9", 3);
        limit(B, "count=9,bytes=9", 4);
        create(C, MINE, 5);
        assertEquals(new QuotaFigures(2, 2, -1, -1), tree.quotas().used(B));
        assertEquals(B, tree.quotas().covering(C));
        Path inner = DataTree.QUOTA.child("a").child("b");
        tree.delete(inner.child("zookeeper_stats"), 6);
        assertEquals(B, tree.quotas().covering(C), "only its account is gone");
        assertNull(tree.quotas().used(B));
        tree.delete(inner.child("zookeeper_limits"), 7);
        assertEquals(A, tree.quotas().covering(C));
        assertFalse(tree.quotas().isEmpty());
        tree.delete(DataTree.QUOTA.child("a").child("zookeeper_limits"), 8);
        assertTrue(tree.quotas().isEmpty());
    }

    // ---- pictures

    /** No transaction says so: a server changes what is used of a quota by itself. */
    @Test
    void whatIsUsedOfAQuotaIsInAPictureAsItWas() {
        Path quota = DataTree.QUOTA.child("a");
        create(A, MINE, 1);
        create(quota, MINE, 2);
        create(quota.child("zookeeper_limits"), MINE, 3);
        tree.setData(quota.child("zookeeper_limits"), Bytes.utf8("count=9,bytes=-1"), 1, 4, 1);
        Path stats = quota.child("zookeeper_stats");
        create(stats, MINE, 5);
        Bytes used = data(stats);
        TreeMap<String, Bytes> taken = new TreeMap<>();
        Capture capture =
                tree.capture((path, data, acl, stat) ->
                        taken.put(path.toString(), data == null ? Bytes.EMPTY : data));
        create(B, MINE, 6);
        assertFalse(data(stats).equals(used), "it counts");
        while (!capture.advance(1)) {
            assertTrue(tree.isBeingCaptured());
        }
        assertEquals(used, taken.get(stats.toString()));
        assertFalse(taken.containsKey(B.toString()));
    }

    @Test
    void aPictureThatIsBegunGivesUpTheOneBeforeIt() {
        TreeMap<String, Bytes> first = new TreeMap<>();
        Capture before =
                tree.capture((path, data, acl, stat) -> first.put(path.toString(), Bytes.EMPTY));
        tree.capture((path, data, acl, stat) -> {});
        create(A, MINE, 1);
        tree.setData(Path.of("/zookeeper"), Bytes.utf8("x"), 1, 2, 1);
        assertTrue(before.isDone());
        assertEquals(0, first.size(), first::toString);
    }
}
