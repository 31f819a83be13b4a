package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import vivarium.core.Replica;
import vivarium.core.tree.Path;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/** What is prepared ahead of its commit is what would have been prepared after it. */
final class PreparerTest {
    private static final long SESSION = 0x77;
    private static final int EPHEMERAL_FLAGS = 1;
    private static final int CONTAINER_FLAGS = 4;
    private static final int TTL_FLAGS = 5;

    /** A leader whose commits lag behind its proposals by up to {@code lag}. */
    private static final class Leader {
        final Replica replica = Replica.fresh(true);
        final Preparer preparer = new Preparer(replica.tree(), World.settings());
        final ArrayDeque<Proposal> outstanding = new ArrayDeque<>();
        final int lag;
        long zxid;
        long millis = 1_000;

        Leader(int lag) {
            this.lag = lag;
        }

        Txn propose(Operation.Write operation) {
            zxid++;
            long time = millis + zxid;
            Preparer.Asker asker = new Preparer.Asker(SESSION, null, RandomTxns.WHO, zxid, time);
            Txn txn = preparer.prepare(asker, operation);
            outstanding.add(new Proposal(zxid, SESSION, 0, time, txn, true, preparer.digest()));
            while (outstanding.size() > lag) {
                commit();
            }
            return txn;
        }

        void commit() {
            Proposal next = outstanding.remove();
            replica.apply(next);
            assertEquals(next.digest(), replica.digest(), () -> "digest behind " + next);
            preparer.committed(next.zxid());
        }
    }

    @Test
    void proposalsUnderWayAreJudgedAsIfTheyWereCommitted() {
        Seeds.each(
                300,
                random -> {
                    Leader eager = new Leader(0);
                    Leader lagging = new Leader(1 + random.nextInt(40));
                    RandomTxns draw = new RandomTxns(random);
                    for (int i = 0; i < 200; i++) {
                        Operation.Write write = drawWrite(random, draw);
                        assertEquals(eager.propose(write), lagging.propose(write));
                        if (random.nextInt(10) == 0 && !lagging.outstanding.isEmpty()) {
                            lagging.commit();
                        }
                    }
                    while (!lagging.outstanding.isEmpty()) {
                        lagging.commit();
                    }
                    assertEquals(eager.replica.digest(), lagging.replica.digest());
                });
    }

    /** The leader looked at the tree when the change was on its way already. */
    @Test
    void aTimeToLiveThatBeginsAgainWhileTheLeaderWantsToRemoveItIsKept() {
        Leader leader = new Leader(100);
        Path path = Path.of("/t");
        leader.propose(create(Operation.CreateKind.TTL, path, TTL_FLAGS, 10));
        leader.commit();
        leader.millis = 2_000;
        leader.propose(new Operation.SetData(path, null, -1));
        assertRefused(leader.propose(new Operation.DeleteContainer(path)));
        leader.millis = 2_020;
        assertEquals(
                new Txn.Delete(path, true), leader.propose(new Operation.DeleteContainer(path)));
    }

    /** It is another one than the leader has seen, which had a child. */
    @Test
    void aContainerThatIsMadeAnewWhileTheLeaderWantsToRemoveItIsKept() {
        Leader leader = new Leader(100);
        Path path = Path.of("/c");
        Path child = path.child("k");
        leader.propose(create(Operation.CreateKind.CONTAINER, path, CONTAINER_FLAGS, -1));
        leader.propose(create(Operation.CreateKind.CREATE, child, 0, -1));
        leader.propose(new Operation.Delete(child, -1));
        leader.propose(new Operation.Delete(path, -1));
        leader.propose(create(Operation.CreateKind.CONTAINER, path, CONTAINER_FLAGS, -1));
        assertRefused(leader.propose(new Operation.DeleteContainer(path)));
    }

    /** Else the transaction would be longer than Apache's servers read (jute.maxbuffer). */
    @Test
    void whatGoesWithASessionIsListedInPartIfItIsVeryMuchAndGoesAllTheSame() {
        Leader leader = new Leader(100);
        int znodes = 20_000;
        for (int i = 0; i < znodes; i++) {
            Path path = Path.of("/an-ephemeral-with-a-name-of-fifty-bytes-and-" + i);
            leader.propose(create(Operation.CreateKind.CREATE, path, EPHEMERAL_FLAGS, -1));
        }
        Txn.CloseSession close = (Txn.CloseSession) leader.propose(new Operation.CloseSession());
        List<Path> listed = Objects.requireNonNull(close.paths());
        int bytes = listed.stream().mapToInt(Path::length).sum();
        assertTrue(bytes > 400_000 && bytes < 600_000, "bytes listed: " + bytes);
        while (!leader.outstanding.isEmpty()) {
            leader.commit();
        }
        assertEquals(List.of(), leader.replica.tree().ephemeralsOf(SESSION));
    }

    private static void assertRefused(Txn txn) {
        assertEquals(new Txn.Failure(ErrorCode.BAD_VERSION.code()), txn);
    }

    private static Operation.Create create(
            Operation.CreateKind kind, Path path, int flags, long ttlMillis) {
        return new Operation.Create(kind, path, null, World.OPEN, flags, ttlMillis);
    }

    private static Operation.Write drawWrite(RandomGenerator random, RandomTxns draw) {
        return random.nextInt(50) == 0 ? new Operation.CloseSession() : draw.write();
    }

    private static Txn failure(ErrorCode error) {
        return new Txn.Failure(error.code());
    }

    /** Whatever it is: what it asked may come later than what was asked at the next server. */
    @Test
    void whoseSessionIsOverOrElsewhereChangesNothing() {
        Leader leader = new Leader(0);
        leader.propose(World.create("/a", 0));
        Path a = Path.of("/a");
        List<Operation.Write> writes =
                List.of(
                        World.create("/b", 0),
                        World.set("/a", "y"),
                        new Operation.SetAcl(a, World.OPEN, -1),
                        new Operation.Delete(a, -1),
                        new Operation.CloseSession());
        for (ErrorCode fault : List.of(ErrorCode.SESSION_EXPIRED, ErrorCode.SESSION_MOVED)) {
            var gone = new Preparer.Asker(SESSION, fault, RandomTxns.WHO, 9, 9);
            for (Operation.Write write : writes) {
                assertEquals(failure(fault), leader.preparer.prepare(gone, write));
            }
            for (Operation.Part part :
                    List.<Operation.Part>of(
                            new Operation.CheckVersion(a, 0), new Operation.Delete(a, -1))) {
                assertEquals(
                        new Txn.Multi(List.of(failure(fault))),
                        leader.preparer.prepare(gone, new Operation.Multi(List.of(part))));
            }
        }
    }

    @Test
    void aTimeToLiveHasALeastAndAMost() {
        Leader leader = new Leader(0);
        long most = (1L << 40) - 1;
        assertTrue(leader.propose(timed("/a", 1)) instanceof Txn.Create);
        assertTrue(leader.propose(timed("/b", most)) instanceof Txn.Create);
        for (long wrong : new long[] {-1, 0, most + 1}) {
            assertEquals(failure(ErrorCode.BAD_ARGUMENTS), leader.propose(timed("/c", wrong)));
        }
    }

    private static Operation.Create timed(String path, long ttlMillis) {
        return new Operation.Create(
                Operation.CreateKind.TTL, Path.of(path), null, World.OPEN, TTL_FLAGS, ttlMillis);
    }

    private static Leader withLimits(String limits) {
        Leader leader = new Leader(100);
        leader.propose(World.create("/q", 0));
        leader.propose(World.create("/q/a", 0));
        leader.propose(World.create("/zookeeper/quota/q", 0));
        leader.propose(World.create("/zookeeper/quota/q/zookeeper_limits", 0));
        leader.propose(World.set("/zookeeper/quota/q/zookeeper_limits", limits));
        leader.propose(World.create("/zookeeper/quota/q/zookeeper_stats", 0));
        while (!leader.outstanding.isEmpty()) {
            leader.commit();
        }
        return leader;
    }

    /** Where there is always something under way, nothing would ever be taken off otherwise. */
    @Test
    void whatIsCommittedTakesNoRoomTwice() {
        Leader leader = withLimits("countHardLimit=5");
        leader.propose(World.create("/q/b", 0));
        leader.propose(World.create("/q/c", 0));
        leader.commit();
        assertTrue(leader.propose(World.create("/q/d", 0)) instanceof Txn.Create);
        leader.commit();
        Txn full = failure(ErrorCode.QUOTA_EXCEEDED);
        assertEquals(full, leader.propose(World.create("/q/e", 0)));
    }

    @Test
    void whatIsAboutToGoMakesRoomForWhatComes() {
        Leader leader = withLimits("byteHardLimit=2");
        Txn full = failure(ErrorCode.QUOTA_EXCEEDED);
        assertEquals(full, leader.propose(World.create("/q/b", 0)));
        leader.propose(new Operation.Delete(Path.of("/q/a"), -1));
        assertTrue(leader.propose(World.create("/q/b", 0)) instanceof Txn.Create);
        assertEquals(full, leader.propose(World.create("/q/c", 0)));
    }
}
