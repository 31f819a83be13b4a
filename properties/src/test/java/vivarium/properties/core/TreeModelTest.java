package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.TreeListener;
import vivarium.core.tree.Znode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.watch.WatchEvent;

/**
 * What a leader prepares and its tree then has, beside a {@link DumbTree}: every outcome, every
 * event and every znode. Commits lag behind by as much as the scenario says, which must not show.
 */
class TreeModelTest {
    private static final long WALL = 1_700_000_000_000L;
    private static final int SESSIONS = 2;

    private static final List<List<Identity>> WHO =
            List.of(
                    List.of(new Identity("ip", "10.0.0.1"), new Identity("digest", "ann:x")),
                    List.of(new Identity("ip", "10.0.0.2"), new Identity("digest", "bob:y")));

    private static final List<List<Acl>> LISTS =
            List.of(
                    World.OPEN,
                    World.OPEN,
                    World.OPEN,
                    List.of(new Acl(Acl.READ | Acl.ADMIN, "world", "anyone")),
                    List.of(new Acl(Acl.CREATE | Acl.WRITE, "world", "anyone")),
                    List.of(new Acl(Acl.DELETE, "world", "anyone")),
                    List.of(new Acl(Acl.ALL, "digest", "ann:x")),
                    List.of(
                            new Acl(Acl.READ | Acl.CREATE, "digest", "ann:x"),
                            new Acl(Acl.WRITE | Acl.DELETE | Acl.ADMIN, "digest", "bob:y")));

    /**
     * One request of a scenario.
     *
     * @param session who asks, from 0 on
     * @param commits how many of the outstanding proposals are committed behind it
     * @param millis how much time goes by before it
     */
    record Step(int session, Operation.Write write, int commits, int millis) {}

    @Provide
    Arbitrary<List<Step>> scenarios() {
        Arbitrary<Operation.Write> writes =
                Arbitraries.frequencyOf(
                        often(12, parts()),
                        often(2, multis()),
                        often(2, setAcls()),
                        often(1, paths().map(Operation.DeleteContainer::new)),
                        often(1, Arbitraries.create(Operation.CloseSession::new)));
        Arbitrary<Step> steps =
                Combinators.combine(
                                Arbitraries.integers().between(0, SESSIONS - 1),
                                writes.filter(write -> !(write instanceof Operation.CheckVersion)),
                                Arbitraries.integers().between(0, 3),
                                Arbitraries.integers().between(0, 40))
                        .as(Step::new);
        return steps.list().ofMinSize(1).ofMaxSize(120);
    }

    private static <T> Tuple.Tuple2<Integer, Arbitrary<? extends T>> often(
            int weight, Arbitrary<? extends T> what) {
        return Tuple.of(weight, what);
    }

    private static Arbitrary<Path> paths() {
        return Arbitraries.frequencyOf(
                        often(
                                30,
                                Arbitraries.of("/a", "/b", "/c", "/a/a", "/a/b", "/b/a", "/a/a/a")),
                        often(
                                1,
                                Arbitraries.of(
                                        "/", "/zookeeper", "/zookeeper/config", "/zookeeper/x")))
                .map(Path::of);
    }

    private static Arbitrary<@Nullable Bytes> data() {
        return Arbitraries.of("", "1", "22", "333").map(Bytes::utf8).injectNull(0.2);
    }

    private static Arbitrary<Integer> versions() {
        return Arbitraries.of(-1, -1, -1, 0, 1, 2);
    }

    private static Arbitrary<Operation.Part> parts() {
        Arbitrary<Operation.Part> creates =
                Combinators.combine(
                                paths(),
                                data(),
                                Arbitraries.of(LISTS),
                                Arbitraries.of(0, 0, 1, 2, 3, 4, 5, 6),
                                Arbitraries.integers().between(1, 60))
                        .as(TreeModelTest::create);
        Arbitrary<Operation.Part> deletes =
                Combinators.combine(paths(), versions()).as(Operation.Delete::new);
        Arbitrary<Operation.Part> sets =
                Combinators.combine(paths(), data(), versions()).as(Operation.SetData::new);
        Arbitrary<Operation.Part> checks =
                Combinators.combine(paths(), versions()).as(Operation.CheckVersion::new);
        return Arbitraries.frequencyOf(
                often(6, creates), often(3, deletes), often(3, sets), often(1, checks));
    }

    private static Operation.Part create(
            Path path, @Nullable Bytes data, List<Acl> acl, int flags, int ttlMillis) {
        Operation.CreateKind kind =
                switch (flags) {
                    case 4 -> Operation.CreateKind.CONTAINER;
                    case 5, 6 -> Operation.CreateKind.TTL;
                    default -> Operation.CreateKind.CREATE2;
                };
        return new Operation.Create(kind, path, data, acl, flags, flags >= 5 ? ttlMillis : -1);
    }

    private static Arbitrary<Operation.Write> multis() {
        return parts().list().ofMaxSize(4).map(Operation.Multi::new);
    }

    private static Arbitrary<Operation.Write> setAcls() {
        return Combinators.combine(paths(), Arbitraries.of(LISTS), versions())
                .as(Operation.SetAcl::new);
    }

    /** A leader, and what its tree tells of. */
    private static final class Leader implements TreeListener {
        final Replica replica = Replica.fresh(true);
        final Preparer preparer = new Preparer(replica.tree(), World.settings());
        final List<Proposal> outstanding = new ArrayList<>();
        final List<WatchEvent> events = new ArrayList<>();
        final List<DumbTree.Expected> expected = new ArrayList<>();

        Leader() {
            replica.tree().listen(this);
        }

        void commit() {
            Proposal proposal = outstanding.removeFirst();
            DumbTree.Expected wanted = expected.removeFirst();
            events.clear();
            Outcome outcome = replica.apply(proposal);
            preparer.committed(proposal.zxid());
            assertEquals(proposal.digest(), replica.digest(), () -> "digest behind " + proposal);
            assertEquals(wanted.outcome(), outcome, proposal::toString);
            assertEquals(wanted.events(), events, proposal::toString);
        }

        @Override
        public void onChange(WatchEvent event, List<Acl> acl) {
            events.add(event);
        }

        @Override
        public void onOverQuota(OverQuota excess) {
            throw new AssertionError("no quota was set: " + excess);
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void everyOutcomeEventAndZnodeIsAsTheDumbTreeSays(@ForAll("scenarios") List<Step> scenario) {
        Leader leader = new Leader();
        DumbTree dumb = new DumbTree();
        long millis = WALL;
        long zxid = 0;
        for (Step step : scenario) {
            millis += step.millis();
            zxid++;
            long session = 1L + step.session();
            List<Identity> who = WHO.get(step.session());
            Preparer.Asker asker = new Preparer.Asker(session, null, who, zxid, millis);
            Txn txn = leader.preparer.prepare(asker, step.write());
            leader.outstanding.add(
                    new Proposal(zxid, session, 1, millis, txn, true, leader.preparer.digest()));
            leader.expected.add(dumb.does(session, who, zxid, millis, step.write()));
            for (int i = 0; i < step.commits() && !leader.outstanding.isEmpty(); i++) {
                leader.commit();
            }
            if (leader.outstanding.isEmpty()) {
                assertSame(dumb, leader.replica);
            }
        }
        while (!leader.outstanding.isEmpty()) {
            leader.commit();
        }
        assertSame(dumb, leader.replica);
    }

    private static void assertSame(DumbTree dumb, Replica replica) {
        // ZooKeeper's count has the root twice.
        assertEquals(dumb.znodes.size() + 1, replica.tree().nodeCount());
        int ephemerals = 0;
        for (DumbTree.Dumb expected : dumb.znodes.values()) {
            Path path = Path.of(expected.path);
            Znode znode = replica.tree().find(path);
            assertNotNull(znode, expected.path);
            assertEquals(expected.data, znode.data(), expected.path);
            assertEquals(expected.acl, znode.acl(), expected.path);
            assertEquals(expected.stat(dumb), replica.tree().stat(znode), expected.path);
            TreeSet<String> names = new TreeSet<>();
            znode.childNames().forEach(name -> assertTrue(names.add(name.utf8())));
            assertEquals(dumb.childrenOf(expected.path), names, expected.path);
            ephemerals += expected.session == 0 ? 0 : 1;
        }
        assertEquals(ephemerals, replica.tree().ephemeralCount());
        for (long session = 1; session <= SESSIONS; session++) {
            TreeSet<Path> mine = new TreeSet<>(replica.tree().ephemeralsOf(session));
            assertEquals(dumb.ephemeralsOf(session), mine);
        }
    }
}
