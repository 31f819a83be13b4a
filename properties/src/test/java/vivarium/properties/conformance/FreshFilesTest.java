package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.core.Bytes;
import vivarium.core.tree.Digest;
import vivarium.core.tree.StatPersisted;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/** What a server leaves in a directory that was empty. */
class FreshFilesTest {

    private static final long SNAPSHOT_BYTES = 478;
    private static final int ALLOCATED_KILOBYTES = 64 * 1024;
    private static final long LOG_BYTES = 16 + 1024L * ALLOCATED_KILOBYTES;

    @TempDir Path directory;

    @Test
    @Shows({Fact.A_FRESH_SNAPSHOT_AND_A_FRESH_LOG, Fact.BYTES_OF_FILE_HEADERS})
    void theFirstSnapshotAndTheFirstLog() throws IOException {
        Settings settings = Settings.standard().with("preAllocSize", "" + ALLOCATED_KILOBYTES);
        try (ServerUnderTest server = Brand.underTest().embedded(directory, settings)) {
            server.start();
            try (var client = RawClient.newSession(server.port())) {
                client.call(Op.CREATE, Requests.create("/a", 0));
            }
            Path files = directory.resolve("version-2");
            Path snapshot = files.resolve("snapshot.0");
            Path log = files.resolve("log.1");
            assertEquals("5a4b534e" + "00000002" + "ffffffffffffffff", head(snapshot));
            assertEquals(SNAPSHOT_BYTES, Files.size(snapshot));
            assertEquals("5a4b4c47" + "00000002" + "0000000000000000", head(log));
            assertEquals(LOG_BYTES, Files.size(log));
        }
    }

    private static String head(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(in.readNBytes(16));
        }
    }

    @Test
    @Shows(Fact.DIGESTS_OF_THE_FIRST_ZNODES)
    void theDigestsOfZnodesThatEveryTreeHas() {
        var digest = new Digest();
        var root = vivarium.core.tree.Path.ROOT;
        assertEquals(0x0412_8908, digest.of(root, null, StatPersisted.ZERO));
        assertEquals(0x0412_8908, digest.of(root, Bytes.EMPTY, StatPersisted.ZERO));
        var system = vivarium.core.tree.Path.of("/zookeeper");
        assertEquals(0x4db4_4d58, digest.of(system, null, StatPersisted.ZERO));
    }
}
