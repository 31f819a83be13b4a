package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.EnsembleOfProcesses;
import vivarium.properties.servers.MemberProcess;
import vivarium.properties.servers.RunningServer;

/** Our servers and Apache's make one ensemble, whoever leads. */
class MixedEnsembleTest {

    @TempDir Path directory = Path.of("");

    private static void fill(EnsembleOfProcesses ensemble, String name, int count)
            throws Exception {
        ZooKeeper client = ensemble.client();
        try {
            for (int i = 0; i < count; i++) {
                client.create(
                        "/" + name + i,
                        new byte[100],
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT);
            }
        } finally {
            client.close();
        }
    }

    private static void replace(EnsembleOfProcesses ensemble, MemberProcess member, Brand brand)
            throws Exception {
        member.stop();
        ensemble.start(member.sid(), brand);
        ensemble.awaitSettled();
    }

    @Test
    void anEnsembleOfApachesIsReplacedOneByOneAndBackUnderWayWithNothingLost() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, 3, 0)) {
            ensemble.startAll(Brand.APACHE);
            ensemble.awaitSettled();
            List<String> acknowledged;
            try (var writer = new Writer(ensemble.client(), "/w")) {
                for (Brand brand : List.of(Brand.VIVARIUM, Brand.APACHE)) {
                    for (MemberProcess member : ensemble.members()) {
                        writer.awaitMore(20);
                        replace(ensemble, member, brand);
                    }
                }
                writer.awaitMore(20);
                acknowledged = writer.end();
            }
            var tree = ensemble.treeOf(1);
            acknowledged.forEach(path -> assertTrue(tree.containsKey(path), path));
            assertAllEqualOnDisk(ensemble);
        }
    }

    @Test
    @Shows(Fact.APACHES_FOLLOWERS_FOLLOW_US)
    void apachesFollowersAndObserverLearnFromOurLeader() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, 3, 1).with("commitLogCount", "10")) {
            startWithOursLeading(ensemble);
            ensemble.start(4, Brand.APACHE);
            ensemble.awaitSettled();
            assertEquals(3, ensemble.leader().sid(), ensemble::said);
            assertEquals("observer", ensemble.member(4).mode());
            fill(ensemble, "a", 50);
            ensemble.assertAllEqual();
            // One that has nothing gets the whole tree; one that was away for a moment, the rest.
            lose(ensemble, 1);
            ensemble.member(4).stop();
            fill(ensemble, "b", 5);
            ensemble.start(1, Brand.APACHE);
            ensemble.start(4, Brand.APACHE);
            ensemble.awaitSettled();
            fill(ensemble, "c", 5);
            ensemble.assertAllEqual();
            assertTrue(ensemble.member(1).said().contains("Getting a snapshot"), ensemble::said);
            assertTrue(ensemble.member(4).said().contains("Getting a diff"), ensemble::said);
        }
    }

    @Test
    @Shows(Fact.WE_FOLLOW_APACHES_LEADER)
    void oursLearnsFromApachesLeader() throws Exception {
        try (var ensemble =
                new EnsembleOfProcesses(directory, 3, 1)
                        .with("commitLogCount", "10")
                        .with("snapshotSizeFactor", "-1")) {
            startWithOursLeading(ensemble);
            ensemble.start(4, Brand.VIVARIUM);
            ensemble.awaitSettled();
            fill(ensemble, "a", 50);
            leaveAnUnagreedProposal(ensemble, Brand.APACHE);
            ensemble.awaitSettled();
            assertEquals(2, ensemble.leader().sid(), ensemble::said);
            ensemble.start(3, Brand.VIVARIUM);
            ensemble.awaitSettled();
            assertTrue(ensemble.member(3).said().contains("the log is cut"), ensemble::said);
            fill(ensemble, "b", 30);
            ensemble.assertAllEqual();
            // It was away for a moment, then for too long.
            ensemble.member(3).stop();
            fill(ensemble, "c", 2);
            ensemble.start(3, Brand.VIVARIUM);
            ensemble.awaitSettled();
            ensemble.assertAllEqual();
            lose(ensemble, 3);
            ensemble.start(3, Brand.VIVARIUM);
            ensemble.awaitSettled();
            fill(ensemble, "d", 5);
            ensemble.assertAllEqual();
            sessionsAreDumpedAlike(ensemble, 1, 3);
        }
    }

    /** Two learners, one Apache's and the other ours, tell the same of the sessions that exist. */
    private static void sessionsAreDumpedAlike(EnsembleOfProcesses ensemble, long one, long other)
            throws Exception {
        ZooKeeper client = ensemble.client();
        try {
            String id = Long.toHexString(client.getSessionId());
            for (long sid : new long[] {one, other}) {
                Await.until(
                        "server " + sid + " knows of it",
                        () -> sessions(ensemble.member(sid)).contains(id));
            }
            assertEquals(sessions(ensemble.member(one)), sessions(ensemble.member(other)));
        } finally {
            client.close();
        }
    }

    private static String sessions(MemberProcess member) {
        String dump = member.ask("dump");
        int end = dump.indexOf("ephemeral nodes dump:");
        return end < 0 ? dump : dump.substring(0, end);
    }

    @Test
    void apachesServerIsCutBehindOurLeader() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, 3, 0)) {
            startWithLeading(ensemble, Brand.APACHE, Brand.VIVARIUM);
            ensemble.awaitSettled();
            fill(ensemble, "a", 20);
            leaveAnUnagreedProposal(ensemble, Brand.VIVARIUM);
            ensemble.awaitSettled();
            ensemble.start(3, Brand.APACHE);
            ensemble.awaitSettled();
            assertEquals(2, ensemble.leader().sid(), ensemble::said);
            assertTrue(ensemble.member(3).said().contains("Truncating log"), ensemble::said);
            fill(ensemble, "b", 20);
            assertAllEqualOnDisk(ensemble);
        }
    }

    @Test
    void oursIsSentTheTreeOfAnApacheLeaderWhileItIsWrittenTo() throws Exception {
        try (var ensemble =
                new EnsembleOfProcesses(directory, 3, 0)
                        .with("commitLogCount", "10")
                        .with("snapshotSizeFactor", "-1")) {
            startWithLeading(ensemble, Brand.APACHE, Brand.VIVARIUM);
            ensemble.awaitSettled();
            assertEquals(3, ensemble.leader().sid(), ensemble::said);
            fill(ensemble, "a", 500);
            try (var writer = new Writer(ensemble.client(), "/w")) {
                writer.awaitMore(20);
                lose(ensemble, 1);
                writer.awaitMore(100);
                ensemble.start(1, Brand.VIVARIUM);
                ensemble.awaitSettled();
                writer.awaitMore(50);
                List<String> acknowledged = writer.end();
                var tree = ensemble.treeOf(1);
                acknowledged.forEach(path -> assertTrue(tree.containsKey(path), path));
            }
            assertTrue(
                    ensemble.member(3).said().contains("Sending snapshot last zxid"),
                    ensemble::said);
            assertAllEqualOnDisk(ensemble);
        }
    }

    /** What clients see is the same everywhere, and so is what a restart would come to. */
    private static void assertAllEqualOnDisk(EnsembleOfProcesses ensemble) throws Exception {
        ensemble.assertAllEqual();
        for (MemberProcess member : ensemble.members()) {
            for (String line : member.ask("mntr").split("\n", -1)) {
                assertFalse(line.matches("zk_digest_mismatches_count\\s+[1-9].*"), line);
            }
        }
        ensemble.members().forEach(MemberProcess::stop);
        List<String> first = onDisk(ensemble.member(1));
        assertFalse(first.contains("digest 0"), first::toString);
        for (MemberProcess member : ensemble.members()) {
            assertEquals(first, onDisk(member), ensemble::said);
        }
    }

    /** As Apache's own classes read it: last zxid, digest, and how many znodes. */
    private static List<String> onDisk(MemberProcess member) throws IOException {
        var files =
                new FileTxnSnapLog(
                        member.dataDirectory().toFile(), member.dataDirectory().toFile());
        ZKDatabase database = new ZKDatabase(files);
        try {
            database.loadDataBase();
            var tree = database.getDataTree();
            return List.of(
                    "zxid " + Long.toHexString(tree.lastProcessedZxid),
                    "digest " + Long.toHexString(tree.getTreeDigest()),
                    "znodes " + tree.getNodeCount());
        } finally {
            database.close();
        }
    }

    private static void startWithOursLeading(EnsembleOfProcesses ensemble) throws Exception {
        startWithLeading(ensemble, Brand.VIVARIUM, Brand.APACHE);
    }

    /**
     * Of servers that know nothing yet, the one with the largest id wins, if it is there: two of
     * three can't choose another before it has spoken.
     */
    private static void startWithLeading(EnsembleOfProcesses ensemble, Brand leader, Brand others)
            throws Exception {
        ensemble.start(3, leader);
        Await.until("server 3 looks", () -> ensemble.member(3).said().contains("LOOKING"));
        ensemble.start(1, others);
        String leading = leader == Brand.APACHE ? "LEADING" : "LEADER_DISCOVERY";
        Await.until("server 3 leads", () -> ensemble.member(3).said().contains(leading));
        ensemble.start(2, others);
    }

    /** Its disk is empty when it comes back. */
    private static void lose(EnsembleOfProcesses ensemble, long sid) throws IOException {
        ensemble.member(sid).kill();
        RunningServer.deleteRecursively(ensemble.member(sid).dataDirectory());
    }

    /** Server 3, which leads, logs what the others never hear of, and ends. */
    private static void leaveAnUnagreedProposal(EnsembleOfProcesses ensemble, Brand others)
            throws Exception {
        MemberProcess leader = ensemble.member(3);
        assertEquals("leader", leader.mode(), ensemble::said);
        ZooKeeper client = ensemble.clientOf(3);
        ensemble.member(1).freeze();
        ensemble.member(2).freeze();
        client.create(
                "/never",
                new byte[1000],
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (_, _, _, _) -> {},
                null);
        Await.until("the leader logs it", () -> leader.hasLogged("/never"));
        leader.kill();
        ensemble.member(1).kill();
        ensemble.member(2).kill();
        client.close();
        ensemble.start(1, others);
        ensemble.start(2, others);
    }
}
