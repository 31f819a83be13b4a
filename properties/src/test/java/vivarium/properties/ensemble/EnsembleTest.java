package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.EnsembleOfProcesses;
import vivarium.properties.servers.MemberProcess;

/** Three servers, each a process, and an observer: they are one, whoever of them is lost. */
class EnsembleTest {

    private static final long BUSY_MACHINE_MILLIS = 3_000;

    @TempDir Path directory = Path.of("");

    private static void assertHasAll(EnsembleOfProcesses ensemble, List<String> acknowledged)
            throws Exception {
        for (MemberProcess member : ensemble.members()) {
            Map<String, String> tree = ensemble.treeOf(member.sid());
            for (String path : acknowledged) {
                assertTrue(
                        tree.containsKey(path),
                        () -> path + " was lost by server " + member.sid() + ensemble.said());
            }
        }
        ensemble.assertAllEqual();
    }

    @Test
    void whatIsAcknowledgedSurvivesTheLeadersAndAllProcesses() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, 3, 1)) {
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            assertEquals("observer", ensemble.member(4).mode());
            List<String> acknowledged;
            try (var writer = new Writer(ensemble.client(), "/w")) {
                writer.awaitMore(50);
                MemberProcess first = ensemble.leader();
                first.kill();
                writer.awaitMore(50);
                ensemble.start(first.sid(), Brand.VIVARIUM);
                ensemble.awaitSettled();
                // One after the other, and the leader last, as operators do it.
                MemberProcess second = ensemble.leader();
                for (MemberProcess member : ensemble.members()) {
                    if (member != second) {
                        member.stop();
                        ensemble.start(member.sid(), Brand.VIVARIUM);
                        ensemble.awaitSettled();
                    }
                }
                second.stop();
                ensemble.start(second.sid(), Brand.VIVARIUM);
                ensemble.awaitSettled();
                writer.awaitMore(50);
                acknowledged = writer.end();
            }
            assertHasAll(ensemble, acknowledged);
            ensemble.members().forEach(MemberProcess::kill);
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            assertHasAll(ensemble, acknowledged);
        }
    }

    @Test
    void aStoppedLeaderIsReplacedInTimeAndServesNothingStaleWhenItWakes() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, 3, 0)) {
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            MemberProcess leader = ensemble.leader();
            RawClient old = RawClient.newSession(leader.clientPort());
            old.call(
                    Op.CREATE, Requests.create("/a", new byte[] {1}, AclEntry.OPEN, Op.PERSISTENT));
            leader.freeze();
            long frozenNanos = System.nanoTime();
            // What a client asks of it meanwhile lies there when it wakes.
            old.send(101, Op.SYNC, Requests.path("/a").toBytes());
            old.send(102, Op.GET_DATA, Requests.read("/a", false).toBytes());
            old.send(103, Op.SET_DATA, Requests.setData("/a", new byte[] {3}, -1).toBytes());
            List<MemberProcess> others =
                    ensemble.members().stream().filter(member -> member != leader).toList();
            Await.until(
                    "another one leads",
                    Duration.ofSeconds(30),
                    () -> others.stream().anyMatch(member -> member.mode().equals("leader")));
            long tookMillis = (System.nanoTime() - frozenNanos) / 1_000_000;
            long limitMillis = EnsembleOfProcesses.TICK_MILLIS * EnsembleOfProcesses.SYNC_LIMIT;
            assertTrue(
                    tookMillis < limitMillis + BUSY_MACHINE_MILLIS,
                    () -> tookMillis + " ms\n" + ensemble.said());
            for (MemberProcess other : others) {
                Await.until("the others serve", () -> !other.mode().isEmpty());
            }
            try (RawClient fresh = RawClient.newSession(others.getFirst().clientPort())) {
                Frame set = fresh.call(Op.SET_DATA, Requests.setData("/a", new byte[] {2}, -1));
                assertEquals(0, set.err());
            }
            leader.thaw();
            assertAnswersAreTrue(old);
            ensemble.awaitSettled();
            assertEquals("follower", leader.mode());
            ensemble.assertAllEqual();
            old.close();
        }
    }

    /** Nobody has agreed to its write, and its read would have to show that of the others. */
    private static void assertAnswersAreTrue(RawClient client) throws Exception {
        boolean synced = false;
        Frame frame = client.receiveFrame();
        while (frame != null) {
            if (frame.xid() == 101) {
                synced = frame.err() == 0;
            } else if (frame.xid() == 102 && synced && frame.err() == 0) {
                byte[] read = frame.in().buffer();
                assertTrue(read != null && read[0] != 1, "a stale read behind a sync");
            } else if (frame.xid() == 103) {
                assertTrue(frame.err() != 0, "a write that nobody else knows was acknowledged");
            }
            frame = client.receiveFrame();
        }
    }
}
