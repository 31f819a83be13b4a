package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.EnsembleOfProcesses;
import vivarium.properties.servers.MemberProcess;

/** A learner that was away for long is sent what it lacks from the files of its leader's log. */
class LogReadBackTest {
    /** More than a portion of the log, and far more than the leader keeps in memory. */
    private static final int WRITES = 1_500;

    private static final int BYTES = 3_000;

    @TempDir private Path directory = Path.of("never");

    @Test
    void whoWasAwayKeepsItsLogAndGetsTheRestOfIt() throws Exception {
        assertEquals(List.of(), lostLogs("10", "1000000"));
    }

    /** The same where the log may not be read back: it must be told from the above. */
    @Test
    void withoutThatItGetsASnapshotInPlaceOfItsLog() throws Exception {
        assertNotEquals(List.of(), lostLogs("10", "-1"));
    }

    /** Five hundred is what is kept in memory unless {@code commitLogCount} says otherwise. */
    @Test
    void whatIsInMemoryIsSentFromThere() throws Exception {
        assertEquals(List.of(), lostLogs("2000", "-1"));
    }

    /** Which files of its log a server has no more when it was away during many writes. */
    private List<String> lostLogs(String inMemory, String sizeFactor) throws Exception {
        try (var ensemble =
                new EnsembleOfProcesses(directory, 3, 0)
                        .with("commitLogCount", inMemory)
                        .with("preAllocSize", "64")
                        .with("snapshotSizeFactor", sizeFactor)) {
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            write(ensemble, "a", 20);
            MemberProcess away =
                    ensemble.members().stream()
                            .filter(member -> member != ensemble.leader())
                            .findFirst()
                            .orElseThrow();
            away.stop();
            List<String> before = logs(away);
            write(ensemble, "b", WRITES);
            ensemble.start(away.sid(), Brand.VIVARIUM);
            ensemble.awaitSettled();
            write(ensemble, "c", 20);
            ensemble.assertAllEqual();
            List<String> after = logs(away);
            return before.stream().filter(name -> !after.contains(name)).toList();
        }
    }

    private static List<String> logs(MemberProcess member) throws IOException {
        try (Stream<Path> files = Files.list(member.dataDirectory().resolve("version-2"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log."))
                    .sorted()
                    .toList();
        }
    }

    private static void write(EnsembleOfProcesses ensemble, String prefix, int count)
            throws Exception {
        ZooKeeper client = ensemble.client();
        try {
            CountDownLatch answered = new CountDownLatch(count);
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < count; i++) {
                client.create(
                        "/" + prefix + i,
                        new byte[BYTES],
                        Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT,
                        (code, _, _, _) -> {
                            refused.addAndGet(code == 0 ? 0 : 1);
                            answered.countDown();
                        },
                        null);
            }
            answered.await();
            assertEquals(0, refused.get());
        } finally {
            client.close();
        }
    }
}
