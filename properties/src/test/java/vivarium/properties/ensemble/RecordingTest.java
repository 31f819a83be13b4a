package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.core.Status;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.EnsembleInProcess;
import vivarium.properties.servers.RunningServer;
import vivarium.simulation.replay.Replay;

/** What real servers were given makes of the same core, in the simulator, what it made of them. */
class RecordingTest {

    @TempDir Path directory = Path.of("");

    private static void write(EnsembleInProcess ensemble, String name) throws Exception {
        ZooKeeper client = RunningServer.connect(ensemble.connectString(), 10_000);
        for (int i = 0; i < 200; i++) {
            String path = "/" + name + i;
            client.create(path, new byte[10], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.exists(path, true);
            client.setData(path, new byte[] {1}, 0);
        }
        client.create("/" + name, null, ZooDefs.Ids.READ_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.close();
    }

    @Test
    void aLeaderAFollowerAndOneThatCameBackAreReplayed() throws Exception {
        var last = new TreeMap<Long, Status>();
        try (var ensemble =
                new EnsembleInProcess(directory, 3).with("commitLogCount", "20").recording()) {
            ensemble.startAll().awaitSettled();
            long leader = ensemble.leader();
            write(ensemble, "a");
            long follower = leader == 1 ? 2 : 1;
            ensemble.kill(follower);
            write(ensemble, "b");
            RunningServer.deleteRecursively(directory.resolve("data" + follower));
            ensemble.start(follower);
            ensemble.awaitSettled();
            write(ensemble, "c");
            long zxid = ensemble.server(leader).status().lastProcessedZxid();
            for (long sid = 1; sid <= 3; sid++) {
                long each = sid;
                Await.until(
                        "all have caught up",
                        () -> ensemble.server(each).status().lastProcessedZxid() == zxid);
                last.put(sid, ensemble.server(sid).status());
            }
        }
        for (long sid = 1; sid <= 3; sid++) {
            byte[] recording = Files.readAllBytes(directory.resolve("record" + sid));
            Replay.Report report = new Replay(recording).run();
            assertTrue(report.inputs() > 100 && report.marks() > 0, report::text);
            Status recorded = last.get(sid);
            assertTrue(recorded != null);
            if (recorded != null) {
                assertEquals(recorded.digest(), report.status().digest());
                assertEquals(recorded.lastProcessedZxid(), report.status().lastProcessedZxid());
            }
            // What was cut off by a kill is replayed as far as it goes; what is none is refused.
            byte[] cut = Arrays.copyOf(recording, recording.length - 7);
            assertTrue(new Replay(cut).run().cutOff());
            byte[] broken = recording.clone();
            broken[9] ^= 1;
            assertThrows(IOException.class, () -> new Replay(broken).run());
        }
    }
}
