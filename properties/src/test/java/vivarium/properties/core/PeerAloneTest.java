package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vivarium.core.Check;
import vivarium.core.Input;
import vivarium.core.Replica;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;

/** A peer that is an ensemble by itself: its phases, its clients, its sessions. */
final class PeerAloneTest {
    private static final Path A = Path.of("/a");

    @Test
    void aPeerAlonePassesThroughTheSamePhasesAsAnyLeader() {
        assertEquals(
                List.of(
                        "phase LOOKING",
                        "phase LEADER_DISCOVERY",
                        "phase LEADER_SYNCHRONIZATION",
                        "begin snapshot 0",
                        "snapshot /",
                        "snapshot /zookeeper",
                        "snapshot /zookeeper/config",
                        "snapshot /zookeeper/quota",
                        "end snapshot 0",
                        "phase LEADER_BROADCAST"),
                new World().newLines());
    }

    @Test
    void nothingIsAcknowledgedBeforeItIsDurable() {
        World world = new World();
        world.connect(1, 10_000);
        world.newLines();
        world.ask(1, 1, World.create("/a", 0));
        assertEquals(List.of("append Create"), world.newLines());
        world.force();
        assertEquals(List.of("1 reply 1 /a"), world.newLines());
    }

    /** Reads that nobody will hear the answer of are not waited for, and keep nobody else away. */
    @Test
    void whoGoesAwayWithRequestsUnderWayKeepsNobodyWaiting() {
        World world = new World();
        for (int client = 1; client <= 50; client++) {
            world.connect(client, 10_000);
            world.ask(client, 1, World.create("/of-" + client, 0));
            for (int xid = 2; xid <= 40; xid++) {
                world.ask(client, xid, World.get("/a", false));
            }
            world.step(new Input.Disconnected(client));
            world.settle();
        }
        assertEquals(0, world.peer().status().outstanding());
    }

    @Test
    void aReadWaitsForTheSessionsOwnWriteButNotForOthers() {
        World world = new World();
        world.connect(1, 10_000);
        world.connect(2, 10_000);
        world.ask(1, 1, World.create("/a", 0));
        world.settle();
        world.newLines();
        world.ask(1, 2, World.set("/a", "new"));
        world.ask(1, 3, World.get("/a", false));
        world.ask(2, 1, World.get("/a", false));
        assertEquals(List.of("append SetData", "2 reply 1 x"), world.newLines());
        world.force();
        assertEquals(List.of("1 reply 2 StatOf", "1 reply 3 new"), world.newLines());
    }

    @Test
    void anEventComesBeforeTheReplyThatRevealsItsChange() {
        World world = new World();
        world.connect(1, 10_000);
        world.ask(1, 1, World.create("/a", 0));
        world.settle();
        world.ask(1, 2, World.get("/a", true));
        world.newLines();
        world.ask(1, 3, World.set("/a", "new"));
        world.settle();
        assertEquals(
                List.of("append SetData", "1 event DATA_CHANGED /a", "1 reply 3 StatOf"),
                world.newLines());
    }

    @Test
    void writesBetweenTwoSyncsOfASessionKeepTheirTurn() {
        World world = new World();
        world.connect(1, 10_000);
        world.newLines();
        world.ask(1, 1, World.create("/a", 0));
        world.ask(1, 2, new Operation.Sync(A));
        world.ask(1, 3, World.set("/a", "first"));
        world.ask(1, 4, new Operation.Sync(A));
        world.ask(1, 5, World.create("/b", 0));
        world.settle();
        assertEquals(
                List.of(
                        "append Create",
                        "1 reply 1 /a",
                        "1 reply 2 Synced",
                        "append SetData",
                        "1 reply 3 StatOf",
                        "1 reply 4 Synced",
                        "append Create",
                        "1 reply 5 /b"),
                world.newLines());
    }

    @Test
    void aSyncIsAnsweredBehindAllThatWasProposedBeforeIt() {
        World world = new World();
        world.connect(1, 10_000);
        world.connect(2, 10_000);
        world.newLines();
        world.ask(1, 1, World.create("/a", 0));
        world.ask(2, 1, new Operation.Sync(A));
        world.ask(2, 2, World.get("/a", false));
        assertEquals(List.of("append Create"), world.newLines());
        world.force();
        assertEquals(List.of("1 reply 1 /a", "2 reply 1 Synced", "2 reply 2 x"), world.newLines());
        world.ask(2, 3, new Operation.Sync(A));
        assertEquals(List.of("2 reply 3 Synced"), world.newLines());
    }

    @Test
    void aSessionExpiresWithItsEphemeralsAndNotEarly() {
        World world = new World();
        world.connect(1, 4_000);
        world.connect(2, 20_000);
        world.ask(1, 1, World.create("/e", 1));
        world.settle();
        world.ask(2, 1, new Operation.Exists(Path.of("/e"), true));
        world.newLines();
        world.pass(3_999);
        assertEquals(List.of(), world.newLines());
        world.pass(1_001);
        assertEquals(
                List.of("append CloseSession", "2 event DELETED /e", "1 close SESSION_EXPIRED"),
                world.newLines());
    }

    @Test
    void aPingKeepsASessionAlive() {
        World world = new World();
        world.connect(1, 4_000);
        for (int i = 0; i < 20; i++) {
            world.pass(3_000);
            world.ask(1, -2, new Operation.Ping());
        }
        assertTrue(world.lines.stream().noneMatch(line -> line.contains("EXPIRED")));
    }

    @Test
    void nothingIsCreatedInASessionWhoseEndHasBeenProposed() {
        World world = new World();
        world.connect(1, 10_000);
        world.newLines();
        world.ask(1, 1, new Operation.CloseSession());
        world.ask(1, 2, World.create("/late", 1));
        world.settle();
        assertEquals(
                List.of(
                        "append CloseSession",
                        "append Failure",
                        "1 reply 1 Done",
                        "1 close SESSION_CLOSED"),
                world.newLines());
        assertEquals(0, world.peer().replica().tree().ephemeralCount());
    }

    @Test
    @Shows(Fact.AN_EPHEMERAL_UNDER_WAY_GOES_WITH_ITS_SESSION)
    void anEphemeralUnderWayGoesWithItsSession() {
        World world = new World();
        world.connect(1, 10_000);
        world.ask(1, 1, World.create("/e", 1));
        world.ask(1, 2, new Operation.CloseSession());
        world.settle();
        assertEquals(0, world.peer().replica().tree().ephemeralCount());
        assertEquals(0, world.peer().replica().sessionCount());
    }

    @Test
    void aWrongPasswordIsRefusedAndHarmsNobody() {
        World world = new World();
        long session = world.connect(1, 10_000);
        world.newLines();
        world.reconnect(2, session, false);
        assertEquals(List.of("2 reject"), world.newLines());
        world.ask(1, 1, World.get("/zookeeper", false));
        assertEquals(List.of("1 reply 1 "), world.newLines());
    }

    @Test
    void aSessionMovesToItsNewestConnection() {
        World world = new World();
        long session = world.connect(1, 10_000);
        world.newLines();
        world.reconnect(2, session, true);
        assertEquals(List.of("1 close SESSION_MOVED", "2 welcome 10000"), world.newLines());
        world.ask(1, 9, World.get("/zookeeper", false));
        assertEquals(List.of(), world.newLines());
    }

    @Test
    void aReturningSessionReadsBehindWhatItHadUnderWay() {
        World world = new World();
        long session = world.connect(1, 10_000);
        world.ask(1, 7, World.create("/a", 0));
        world.step(new Input.Disconnected(1));
        world.reconnect(2, session, true);
        world.ask(2, 7, World.create("/b", 0));
        world.ask(2, 8, World.get("/a", false));
        world.newLines();
        world.force();
        assertEquals(List.of("2 reply 7 /b", "2 reply 8 x"), world.newLines());
    }

    @Test
    void anUnknownSessionIsRejected() {
        World world = new World();
        world.newLines();
        world.reconnect(1, 0x1234, true);
        assertEquals(List.of("1 reject"), world.newLines());
    }

    @Test
    void aClientThatHasSeenMoreThanThisServerIsSentAway() {
        World world = new World();
        world.newLines();
        world.step(new Input.Connect(1, 0, true, 10_000, 99, false, List.of()));
        assertEquals(List.of("1 close AHEAD_OF_SERVER"), world.newLines());
    }

    @Test
    void anUnknownRequestIsAnsweredAndThenTheConnectionCloses() {
        World world = new World();
        world.connect(1, 10_000);
        world.newLines();
        world.ask(1, 1, new Operation.Unknown(77));
        world.ask(1, 2, World.get("/", false));
        assertEquals(
                List.of("1 reply 1 UNIMPLEMENTED", "1 close UNKNOWN_REQUEST"), world.newLines());
    }

    @Test
    void whoAsksTooMuchIsThrottledUntilEnoughIsAnswered() {
        World world = new World(Replica.fresh(true), Timing.ofTick(World.TICK), 4);
        world.connect(1, 10_000);
        world.newLines();
        for (int xid = 1; xid <= 5; xid++) {
            world.ask(1, xid, World.set("/nothing", "x"));
        }
        assertTrue(world.newLines().contains("1 throttle true"));
        world.force();
        assertTrue(world.newLines().contains("1 throttle false"));
    }

    @Test
    void anAccessListStopsAStrangerUntilItHasProvenWhoItIs() {
        World world = new World();
        world.connect(1, 10_000);
        List<Acl> mine = List.of(new Acl(Acl.ALL, "digest", "me:hash"));
        Operation create = new Operation.Create(Operation.CreateKind.CREATE, A, null, mine, 0, -1);
        world.ask(1, 1, create);
        world.settle();
        world.newLines();
        world.ask(1, 2, World.get("/a", false));
        world.step(new Input.Identified(1, new Identity("digest", "me:hash")));
        world.ask(1, 3, World.get("/a", false));
        assertEquals(List.of("1 reply 2 NO_AUTH", "1 reply 3 null"), world.newLines());
    }

    @Test
    void anEventIsToldOnlyToThoseWhoMayReadTheZnode() {
        World world = new World();
        world.connect(1, 10_000);
        world.connect(2, 10_000);
        world.ask(2, 1, new Operation.Exists(A, true));
        List<Acl> mine = List.of(new Acl(Acl.ALL, "ip", "10.0.0.0/8"));
        world.newLines();
        world.ask(1, 1, new Operation.Create(Operation.CreateKind.CREATE, A, null, mine, 0, -1));
        world.settle();
        assertEquals(List.of("append Create", "1 reply 1 /a"), world.newLines());
    }

    @Test
    void anOrphanedEphemeralIsSweptUpWhenALeaderBegins() {
        World before = new World();
        before.connect(1, 10_000);
        before.ask(1, 1, World.create("/e", 1));
        before.settle();
        Replica replica = Replica.fresh(true);
        for (var proposal : before.log) {
            if (proposal.txn() instanceof vivarium.core.txn.Txn.Create) {
                replica.apply(proposal);
            }
        }
        World after = new World(replica, Timing.ofTick(World.TICK), 100);
        assertTrue(after.newLines().contains("append CloseSession"));
        assertEquals(0, after.peer().replica().tree().ephemeralCount());
    }

    /** Where it does not, the peer begins it again and again without an end. */
    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anEpochWhoseCounterIsUsedUpGivesWayToTheNext() {
        Replica replica = Replica.fresh(true);
        replica.loaded(Zxid.of(0, Zxid.LAST_COUNTER - 2));
        World world = new World(replica, Timing.ofTick(World.TICK), 100);
        world.connect(1, 10_000);
        world.newLines();
        world.ask(1, 1, World.create("/a", 0));
        world.ask(1, 2, World.create("/b", 0));
        world.settle();
        List<String> lines = world.newLines();
        assertTrue(
                lines.containsAll(
                        List.of("1 reply 1 /a", "accepted epoch 1", "1 close NOT_SERVING")));
        assertEquals("phase LEADER_BROADCAST", lines.getLast());
        assertEquals(Zxid.of(1, 0), world.peer().replica().lastProcessedZxid());
        world.connect(2, 10_000);
        assertEquals(Zxid.of(1, 1), world.peer().replica().lastProcessedZxid());
    }

    @Test
    void aContainerGoesSomeTimeAfterItsLastChild() {
        World world = new World();
        world.connect(1, 20_000);
        world.ask(
                1,
                1,
                new Operation.Create(Operation.CreateKind.CONTAINER, A, null, World.OPEN, 4, -1));
        world.ask(1, 2, World.create("/a/b", 0));
        world.settle();
        keepAliveFor(world, 61_000);
        world.ask(1, 3, new Operation.Delete(Path.of("/a/b"), -1));
        world.settle();
        world.newLines();
        keepAliveFor(world, 61_000);
        assertTrue(world.newLines().contains("append Delete"));
        world.ask(1, 4, new Operation.Exists(A, false));
        assertEquals(List.of("1 reply 4 NO_NODE"), world.newLines());
    }

    private static void keepAliveFor(World world, long millis) {
        for (long passed = 0; passed < millis; passed += 10_000) {
            world.pass(10_000);
            world.ask(1, -2, new Operation.Ping());
        }
    }

    @Test
    void timeThatGoesBackStopsThePeer() {
        World world = new World();
        world.now--;
        Check.Broken broken = assertThrows(Check.Broken.class, () -> world.step(new Input.Tick()));
        assertEquals("TimeIsMonotonic", broken.invariant());
    }
}
