package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.conformance.TokenProvider;
import vivarium.server.Config;
import vivarium.server.ConfigException;
import vivarium.server.EmbeddedServer;

/** A server whose peer can't be born says so at once, and leaves nothing behind that is taken. */
class FailingBirthTest {
    @TempDir Path dir = Path.of("");

    private Config config(String... more) throws ConfigException {
        Map<String, String> all = new TreeMap<>();
        all.put("dataDir", dir.resolve("data").toString());
        all.put("clientPort", "0");
        all.put("clientPortAddress", "127.0.0.1");
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return Config.of(all);
    }

    /**
     * What no file can say, since it is refused: a recording of what only an operator's class
     * knows.
     */
    private Config unrecordable() throws ConfigException {
        Config c = config("authProvider.1", TokenProvider.class.getName());
        return new Config(
                c.dataDir(),
                c.dataLogDir(),
                c.createsDirs(),
                c.port(),
                c.peers(),
                c.settings(),
                c.log(),
                c.snapshots(),
                c.snapshotLogBytes(),
                c.snapshotSizeFactor(),
                c.slowForceMillis(),
                c.purgeIntervalHours(),
                c.retainedSnapshots(),
                c.words(),
                c.digestAlgorithm(),
                c.superDigest(),
                c.digestEnabled(),
                c.providers(),
                c.trustsEmpty(),
                c.audits(),
                c.metrics(),
                dir.resolve("recording"),
                c.recordMegabytes(),
                c.properties(),
                c.warnings());
    }

    @Test
    void itsStartEndsWithTheReasonAndTheNextOneMayHaveTheDirectory() throws Exception {
        Config unrecordable = unrecordable();
        IOException e =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(20),
                        () ->
                                assertThrows(
                                        IOException.class,
                                        () -> EmbeddedServer.start(unrecordable)));
        assertTrue(e.toString().contains("the server could not begin: "), e.toString());
        try (EmbeddedServer next = EmbeddedServer.start(config())) {
            assertTrue(next.serving().isDone());
        }
    }
}
