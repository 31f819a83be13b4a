package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.tree.Acl;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.QuotaFigures;
import vivarium.core.tree.TreeListener;
import vivarium.core.tree.Znode;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.watch.WatchEvent;

/** Quotas beside a second, deliberately dumb account of them. */
final class QuotasTest {
    private static final long SESSION = 0x77;
    private static final String HOME = "/zookeeper/quota";

    /** A leader whose commits lag behind by some proposals. */
    private static final class Leader {
        final Replica replica = Replica.fresh(true);
        final Preparer preparer = new Preparer(replica.tree(), World.settings());
        final List<Proposal> outstanding = new ArrayList<>();
        long zxid;

        Txn propose(Operation.Write write) {
            zxid++;
            Preparer.Asker asker = new Preparer.Asker(SESSION, null, RandomTxns.WHO, zxid, zxid);
            Txn txn = preparer.prepare(asker, write);
            outstanding.add(new Proposal(zxid, SESSION, 0, zxid, txn, true, preparer.digest()));
            return txn;
        }

        void commitAll() {
            for (Proposal proposal : outstanding) {
                replica.apply(proposal);
                assertEquals(proposal.digest(), replica.digest(), "quotas are in no digest");
                preparer.committed(proposal.zxid());
            }
            outstanding.clear();
        }

        Txn commit(Operation.Write write) {
            Txn txn = propose(write);
            commitAll();
            return txn;
        }

        void create(String path, String data) {
            Txn txn = commit(creation(path, data));
            assertTrue(txn instanceof Txn.Create, () -> path + ": " + txn);
        }

        void limit(String top, String limits) {
            commit(creation(HOME + top, ""));
            create(HOME + top + "/zookeeper_limits", limits);
            create(HOME + top + "/zookeeper_stats", "");
        }

        String used(String top) {
            return text(HOME + top + "/zookeeper_stats");
        }

        String text(String path) {
            Znode znode = replica.tree().find(Path.of(path));
            assertNotNull(znode);
            Bytes data = znode.data();
            return data == null ? "null" : data.utf8();
        }
    }

    private static Operation.Create creation(String path, String data) {
        return new Operation.Create(
                Operation.CreateKind.CREATE, Path.of(path), Bytes.utf8(data), World.OPEN, 0, -1);
    }

    private static Operation.SetData set(String path, String data) {
        return new Operation.SetData(Path.of(path), Bytes.utf8(data), -1);
    }

    /** What is written down: every znode's length, and for each quota what it should say. */
    private static final class Dumb {
        final TreeMap<String, Integer> znodes = new TreeMap<>();
        final Map<String, long[]> used = new TreeMap<>();

        void limit(String top) {
            long count = 0;
            long bytes = 0;
            for (Map.Entry<String, Integer> znode : znodes.entrySet()) {
                String path = znode.getKey();
                if (path.equals(top) || path.startsWith(top + "/")) {
                    count++;
                    bytes += znode.getValue();
                }
            }
            used.put(top, new long[] {count, bytes});
        }

        private void account(String path, int count, int bytes) {
            String deepest = "";
            for (String top : used.keySet()) {
                boolean covers = path.equals(top) || path.startsWith(top + "/");
                if (covers && top.length() > deepest.length()) {
                    deepest = top;
                }
            }
            long[] figures = used.get(deepest);
            if (figures != null) {
                figures[0] += count;
                figures[1] += bytes;
            }
        }

        void apply(Txn txn) {
            switch (txn) {
                case Txn.Create create -> {
                    int length = length(create.data());
                    znodes.put(create.path().toString(), length);
                    account(create.path().toString(), 1, length);
                }
                case Txn.Delete delete -> {
                    Integer length = znodes.remove(delete.path().toString());
                    assertNotNull(length);
                    account(delete.path().toString(), -1, -length);
                }
                case Txn.SetData set -> {
                    int length = length(set.data());
                    Integer before = znodes.put(set.path().toString(), length);
                    assertNotNull(before);
                    account(set.path().toString(), 0, length - before);
                }
                case Txn.Multi multi -> {
                    if (multi.parts().stream().noneMatch(part -> part instanceof Txn.Failure)) {
                        multi.parts().forEach(this::apply);
                    }
                }
                case Txn.CloseSession close -> {
                    List<Path> paths = close.paths();
                    assertNotNull(paths);
                    paths.forEach(path -> apply(new Txn.Delete(path, false)));
                }
                default -> {}
            }
        }

        private static int length(@Nullable Bytes data) {
            return data == null ? 0 : data.length();
        }
    }

    @Test
    void theAccountAgreesWithADumbOne() {
        Seeds.each(
                200,
                random -> {
                    Leader leader = new Leader();
                    Dumb dumb = new Dumb();
                    RandomTxns draw = new RandomTxns(random);
                    for (int i = 0; i < 150; i++) {
                        if (random.nextInt(25) == 0) {
                            String top = draw.path().toString();
                            if (!dumb.used.containsKey(top)) {
                                leader.commitAll();
                                makeHomes(leader, top);
                                leader.limit(top, "count=3,bytes=10");
                                dumb.limit(top);
                            }
                        }
                        Operation.Write write =
                                random.nextInt(40) == 0
                                        ? new Operation.CloseSession()
                                        : draw.write();
                        dumb.apply(leader.commit(write));
                        for (Map.Entry<String, long[]> quota : dumb.used.entrySet()) {
                            long[] figures = quota.getValue();
                            assertEquals(
                                    "count=" + figures[0] + ",bytes=" + figures[1],
                                    leader.used(quota.getKey()),
                                    quota.getKey() + " behind " + write);
                        }
                    }
                });
    }

    private static void makeHomes(Leader leader, String top) {
        for (int at = top.indexOf('/', 1); at >= 0; at = top.indexOf('/', at + 1)) {
            leader.commit(creation(HOME + top.substring(0, at), ""));
        }
    }

    /** Whatever is still under way, or earlier in a multi: no hard limit is ever crossed. */
    @Test
    void aHardLimitHoldsThoughCommitsLagBehind() {
        AtomicInteger refused = new AtomicInteger();
        Seeds.each(
                200,
                random -> {
                    Leader leader = new Leader();
                    int most = 1 + random.nextInt(6);
                    int mostBytes = random.nextInt(60);
                    leader.create("/a", "");
                    leader.limit(
                            "/a",
                            "count=-1,bytes=-1=;byteHardLimit="
                                    + mostBytes
                                    + ";countHardLimit="
                                    + most);
                    RandomTxns draw = new RandomTxns(random);
                    for (int i = 0; i < 200; i++) {
                        if (leader.propose(draw.write()) instanceof Txn.Failure(int error)) {
                            refused.addAndGet(error == ErrorCode.QUOTA_EXCEEDED.code() ? 1 : 0);
                        }
                        if (random.nextInt(12) == 0) {
                            leader.commitAll();
                            QuotaFigures used = leader.replica.tree().quotas().used(Path.of("/a"));
                            assertNotNull(used);
                            assertTrue(used.count() <= most, used::toString);
                            assertTrue(used.bytes() <= mostBytes, used::toString);
                        }
                    }
                });
        assertTrue(refused.get() > 100, () -> "few met the limit: " + refused);
    }

    /** Only what it adds needs room, whatever it puts in place of what was there. */
    @Test
    void aChangeIsLetInUpToTheLastByte() {
        Leader leader = new Leader();
        leader.create("/a", "12345678");
        leader.limit("/a", "count=-1,bytes=-1=;byteHardLimit=10");
        assertTrue(leader.propose(set("/a", "123456789")) instanceof Txn.SetData, "nine of ten");
        assertTrue(leader.propose(set("/a", "123456789A")) instanceof Txn.SetData, "all ten");
        Txn.Failure full = new Txn.Failure(ErrorCode.QUOTA_EXCEEDED.code());
        assertEquals(full, leader.propose(set("/a", "123456789AB")));
        assertTrue(leader.propose(set("/a", "1")) instanceof Txn.SetData, "it shrinks");
        assertTrue(leader.propose(creation("/a/b", "123456789")) instanceof Txn.Create);
        assertEquals(full, leader.propose(creation("/a/c", "1")));
        leader.commitAll();
        assertEquals("count=2,bytes=10", leader.used("/a"));
    }

    @Test
    void aMultiIsJudgedAsAWhole() {
        Leader leader = new Leader();
        leader.create("/a", "");
        leader.limit("/a", "count=-1,bytes=-1=;countHardLimit=3");
        List<Operation.Part> three =
                List.of(creation("/a/1", ""), creation("/a/2", ""), creation("/a/3", ""));
        Txn.Multi refused = (Txn.Multi) leader.commit(new Operation.Multi(three));
        assertEquals(new Txn.Failure(ErrorCode.QUOTA_EXCEEDED.code()), refused.parts().getLast());
        assertEquals("count=1,bytes=0", leader.used("/a"));
        List<Operation.Part> within =
                List.of(
                        creation("/a/1", ""),
                        new Operation.Delete(Path.of("/a/1"), -1),
                        creation("/a/2", ""),
                        creation("/a/3", ""));
        leader.commit(new Operation.Multi(within));
        assertEquals("count=3,bytes=0", leader.used("/a"));
    }

    @Test
    void aLoadedSnapshotIsCountedAfresh() {
        Leader leader = new Leader();
        leader.create("/a", "12345");
        leader.create("/a/b", "1");
        leader.limit("/a", "count=7,bytes=70");
        leader.create("/untouched", "1");
        leader.commit(set(HOME + "/a/zookeeper_stats", "count=99,bytes=99"));

        Replica copy = Replica.unloaded(true);
        leader.replica
                .tree()
                .capture((path, data, acl, stat) -> copy.tree().load(path, data, null, stat))
                .advance(Integer.MAX_VALUE);
        assertEquals(List.of(), copy.tree().quotas().tops(), "not while it is loaded");
        copy.loaded(leader.zxid);

        assertEquals(List.of(Path.of("/a")), copy.tree().quotas().tops());
        assertEquals(QuotaFigures.used(2, 6), copy.tree().quotas().used(Path.of("/a")));
        assertEquals(leader.replica.digest(), copy.digest());
    }

    @Test
    void whoGoesBeyondASoftLimitIsNamed() {
        Leader leader = new Leader();
        leader.create("/a", "");
        leader.limit("/a", "count=2,bytes=3");
        List<OverQuota> told = new ArrayList<>();
        leader.replica
                .tree()
                .listen(
                        new TreeListener() {
                            @Override
                            public void onChange(WatchEvent event, List<Acl> acl) {}

                            @Override
                            public void onOverQuota(OverQuota excess) {
                                told.add(excess);
                            }
                        });
        leader.create("/a/1", "123");
        assertEquals(List.of(), told);
        leader.create("/a/2", "4");
        leader.commit(set("/a/2", ""));
        leader.commit(new Operation.Delete(Path.of("/a/2"), -1));
        Path a = Path.of("/a");
        assertEquals(
                List.of(new OverQuota(a, false, 3, 2), new OverQuota(a, true, 4, 3)),
                told,
                "what shrinks is no excess");
    }

    /** Apache's server throws where it applies the transaction, and serves no more. */
    @Test
    void whatIsNoQuotaAtAllDoesNoHarm() {
        Leader leader = new Leader();
        leader.create("/a", "12");
        leader.limit("/a", "nonsense");
        assertEquals("count=1,bytes=2", leader.used("/a"));
        assertEquals(QuotaFigures.NONE, leader.replica.tree().quotas().limits(Path.of("/a")));
        leader.commit(set(HOME + "/a/zookeeper_stats", "count=x"));
        leader.create("/a/b", "1");
        assertEquals("count=2,bytes=3", leader.used("/a"), "counted anew");
        Operation.SetData nothing =
                new Operation.SetData(Path.of(HOME + "/a/zookeeper_limits"), null, -1);
        leader.commit(nothing);
        leader.create("/a/c", "1");
        leader.commit(new Operation.Delete(Path.of(HOME + "/a/zookeeper_stats"), -1));
        leader.create("/a/d", "1");
        leader.create("/zookeeper/zookeeper_limits", "count=0");
        leader.commit(new Operation.Delete(Path.of("/zookeeper/zookeeper_limits"), -1));
        leader.create(HOME + "/zookeeper_limits", "count=-1,bytes=-1=;countHardLimit=0");
        leader.create("/free", "");
        assertNull(leader.replica.tree().quotas().covering(Path.of("/free")), "none for the root");
    }

    @Test
    void figuresAreReadAsApacheWritesThem() {
        assertEquals(
                new QuotaFigures(1, 2, 4, 3),
                QuotaFigures.read(Bytes.utf8("count=1,bytes=2=;byteHardLimit=3;countHardLimit=4")));
        assertEquals(new QuotaFigures(5, -1, -1, -1), QuotaFigures.read(Bytes.utf8("count=5")));
        assertEquals(
                new QuotaFigures(-1, 7, -1, -1),
                QuotaFigures.read(Bytes.utf8("count=,,;bytes=7;other=1")));
        assertEquals(QuotaFigures.NONE, QuotaFigures.read(Bytes.EMPTY));
        for (String text : List.of("count", "count=1x", "=", "count=99999999999999999999")) {
            QuotaFigures read = QuotaFigures.read(Bytes.utf8(text));
            assertTrue(read == null || text.equals("="), text);
        }
        assertEquals(
                "count=1,bytes=2=;byteHardLimit=3;countHardLimit=4",
                new QuotaFigures(1, 2, 4, 3).text().utf8());
        assertEquals("count=1,bytes=2", QuotaFigures.used(1, 2).text().utf8());
    }
}
