package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;

/**
 * The digest of a tree is the one that Apache's tree of the same znodes has: servers of both kinds
 * compare it with each transaction.
 */
final class DigestTest {
    private static final List<Acl> OPEN = List.of(new Acl(Acl.ALL, "world", "anyone"));
    private static final long SESSION = 0x1234_5678_9abc_def0L;

    private final org.apache.zookeeper.server.DataTree theirs =
            new org.apache.zookeeper.server.DataTree();
    private final DataTree ours = DataTree.fresh(true);

    /** Most of the bits of each number are in use. */
    private static long number(long seed) {
        return (seed * 0x1234_5678_9abL) & Long.MAX_VALUE;
    }

    private void create(String path, byte[] data, long owner, long zxid, long time)
            throws KeeperException {
        theirs.createNode(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, owner, -1, zxid, time);
        StatPersisted stat = new StatPersisted(zxid, zxid, time, time, 0, 0, 0, owner, zxid);
        ours.create(Path.of(path), Bytes.wrap(data), OPEN, -1, stat);
    }

    @Test
    void everyFieldOfEveryZnodeCountsAsItDoesWithApache() throws KeeperException {
        assertEquals(theirs.getTreeDigest(), ours.digest());
        Seeds.each(
                20,
                random -> {
                    List<String> paths = new ArrayList<>(List.of(""));
                    String top = "/t" + random.nextInt();
                    long base = number(random.nextInt(1, 1_000));
                    for (int i = 1; i < 200; i++) {
                        String path = top;
                        if (paths.size() > 1) {
                            String other = paths.get(1 + random.nextInt(paths.size() - 1));
                            path = random.nextInt(3) == 0 ? other + "/z" + i : other;
                        }
                        byte[] data = new byte[random.nextInt(20)];
                        random.nextBytes(data);
                        change(paths, path, data, base + i, random.nextInt());
                        assertEquals(theirs.getTreeDigest(), ours.digest(), path);
                    }
                });
        assertTrue(ours.digest() > 0xffff_ffffL, "a sum of many");
    }

    private void change(List<String> paths, String path, byte[] data, long zxid, int version) {
        long time = number(zxid);
        Path here = Path.of(path);
        try {
            if (!paths.contains(path)) {
                long owner = version % 3 == 0 && path.contains("z") ? SESSION : 0;
                create(path, data, owner, zxid, time);
                if (owner == 0) {
                    paths.add(path);
                }
            } else if (version % 3 == 0) {
                theirs.setACL(path, ZooDefs.Ids.OPEN_ACL_UNSAFE, version);
                ours.setAcl(here, OPEN, version);
            } else {
                theirs.setData(path, data, version, zxid, time);
                ours.setData(here, Bytes.wrap(data), version, zxid, time);
            }
        } catch (KeeperException e) {
            throw new AssertionError(path, e);
        }
    }
}
