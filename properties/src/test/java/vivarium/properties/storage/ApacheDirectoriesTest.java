package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.persistence.SnapStream;
import org.apache.zookeeper.txn.ErrorTxn;
import org.apache.zookeeper.txn.TxnHeader;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.ApacheServer;
import vivarium.properties.servers.Settings;
import vivarium.server.FileDisk;
import vivarium.storage.DamageException;
import vivarium.storage.Packing;
import vivarium.storage.Recovery;
import vivarium.storage.SnapshotSettings;
import vivarium.storage.TxnLog;

/** One data directory under two servers. */
class ApacheDirectoriesTest {
    private static final Pattern DIFFERENT = Pattern.compile("at (\\d+) of (\\d+) transactions");

    @TempDir Path directory = Path.of("");

    private FileDisk disk() throws IOException {
        return new FileDisk(directory.resolve("version-2"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    @Shows(Fact.APACHES_FILES_ARE_READ)
    void aDirectoryThatAnApacheServerWroteOpensHere() throws Exception {
        try (ApacheServer server = new ApacheServer(directory, Settings.standard())) {
            server.start();
            useAndClose(server, "/one");
            server.restart();
            // This one's session is left open, with its ephemerals.
            ZooKeeper left = new ZooKeeper(server.connectString(), 30_000, _ -> {});
            use(left, "/two");
            server.stop();
            left.close(1);
        }
        List<String> theirs = Apache.pictureOf(directory);
        assertTrue(theirs.size() > 60, "too little to compare: " + theirs.size());
        Recovery.Result result = History.recoverPlain(disk());
        History.assertSame(theirs, withoutUsage(result));
        assertTrue(result.recovered().replica().sessionCount() >= 1);
        for (String finding : result.findings()) {
            assertTrue(finding.contains("Epoch is missing"), result.findings().toString());
        }
    }

    /**
     * A create (1) with the flag of a container is a plain znode, and a container for the digest
     * that Apache's server writes behind it.
     */
    @Test
    @Shows(Fact.RECORDS_ARE_WHOLE_AND_ONE_KIND_OF_DIGEST_IS_WRONG)
    void everyRecordOfApachesLogIsWholeAndOneDigestDiffersWhereApachesIsWrong() throws Exception {
        try (ApacheServer server = new ApacheServer(directory, Settings.standard())) {
            server.start();
            useAndClose(server, "/one");
            try (var client = RawClient.newSession(server.port())) {
                var odd = Requests.create("/odd", CreateMode.CONTAINER.toFlag());
                assertEquals(0, client.call(OpCode.create, odd).err());
            }
            useAndClose(server, "/two");
        }
        List<String> different =
                History.recoverPlain(disk()).findings().stream()
                        .filter(finding -> finding.contains("digest"))
                        .toList();
        assertEquals(1, different.size(), different.toString());
        Matcher counts = DIFFERENT.matcher(different.getFirst());
        assertTrue(counts.find(), different.toString());
        assertEquals("1", counts.group(1));
        assertTrue(Integer.parseInt(counts.group(2)) >= 45);
        History.assertSame(Apache.pictureOf(directory), withoutUsage(History.recoverPlain(disk())));
    }

    private static List<String> withoutUsage(Recovery.Result result) {
        List<String> picture = History.picture(result.recovered().replica());
        picture.removeIf(line -> line.contains("/zookeeper_stats "));
        return picture;
    }

    private static void useAndClose(ApacheServer server, String root) throws Exception {
        ZooKeeper client = new ZooKeeper(server.connectString(), 30_000, _ -> {});
        try {
            use(client, root);
        } finally {
            client.close();
        }
    }

    private static void use(ZooKeeper client, String root) throws Exception {
        var open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        client.addAuthInfo("digest", bytes("who:secret"));
        client.create(root, bytes("root"), open, CreateMode.PERSISTENT);
        client.create(root + "/null", null, open, CreateMode.PERSISTENT);
        client.create(root + "/empty", new byte[0], open, CreateMode.PERSISTENT);
        client.create(root + "/näme", bytes("ü"), open, CreateMode.PERSISTENT);
        client.create(root + "/container", bytes("c"), open, CreateMode.CONTAINER);
        client.create(root + "/container/child", bytes("c"), open, CreateMode.PERSISTENT);
        client.create(
                root + "/mine", bytes("m"), ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        client.create(root + "/gone", bytes("g"), open, CreateMode.EPHEMERAL);
        for (int i = 0; i < 20; i++) {
            client.create(root + "/s-", bytes("" + i), open, CreateMode.PERSISTENT_SEQUENTIAL);
            client.create(root + "/e-", null, open, CreateMode.EPHEMERAL_SEQUENTIAL);
            client.setData(root, bytes("value " + i), -1);
        }
        client.delete(root + "/s-0000000008", -1);
        client.setACL(
                root + "/empty",
                Arrays.asList(new ACL(ZooDefs.Perms.READ, new Id("ip", "127.0.0.1/8"))),
                -1);
        client.multi(
                List.of(
                        Op.create(root + "/multi", bytes("x"), open, CreateMode.PERSISTENT),
                        Op.create(root + "/multi/a", bytes("y"), open, CreateMode.EPHEMERAL),
                        Op.check(root, -1),
                        Op.setData(root + "/multi", bytes("z"), 0),
                        Op.delete(root + "/null", -1)));
        Assertions.assertThrows(
                KeeperException.class,
                () ->
                        client.multi(
                                List.of(
                                        Op.setData(root, bytes("no"), -1),
                                        Op.delete(root + "/missing", -1))));
        Assertions.assertThrows(KeeperException.class, () -> client.delete(root + "/multi", -1));
        String quota = "/zookeeper/quota" + root;
        client.create(quota, null, open, CreateMode.PERSISTENT);
        client.create(
                quota + "/zookeeper_limits",
                bytes("count=1000,bytes=100000"),
                open,
                CreateMode.PERSISTENT);
        client.create(
                quota + "/zookeeper_stats", bytes("count=0,bytes=0"), open, CreateMode.PERSISTENT);
        client.create(root + "/counted", bytes("data"), open, CreateMode.PERSISTENT);
    }

    @Test
    @Shows(Fact.OUR_FILES_ARE_READ_BY_APACHE)
    void aDirectoryWrittenHereOpensInApachesServer() throws IOException {
        History history = new History(3, false);
        write(history, disk());
        History.assertSame(History.picture(history.replica()), Apache.pictureOf(directory));
    }

    /** Some snapshots, some epochs, and a log behind the last snapshot. */
    private static void write(History history, FileDisk disk) throws IOException {
        History.recoverPlain(disk);
        TxnLog log = new TxnLog(disk, History.SMALL, 0);
        for (int i = 0; i < 4; i++) {
            for (Proposal proposal : history.next(100)) {
                log.append(proposal);
            }
            log.force();
            if (i < 3) {
                log.roll();
                history.save(disk);
                history.nextEpoch();
            }
        }
        log.close();
    }

    @Test
    void bothCanTakeTurnsOnOneDirectory() throws Exception {
        History history = new History(4, false);
        write(history, disk());
        try (ApacheServer server = new ApacheServer(directory, Settings.standard())) {
            server.start();
            useAndClose(server, "/turn");
        }
        Recovery.Result result = History.recoverPlain(disk());
        History.assertSame(Apache.pictureOf(directory), withoutUsage(result));
        long next = result.recovered().replica().lastProcessedZxid() + 1;
        try (TxnLog log = new TxnLog(disk(), History.SMALL, next - 1)) {
            log.append(new Proposal(next, 1, 1, 1, new Txn.CreateSession(5000), false, 0));
        }
        History.assertSame(Apache.pictureOf(directory), withoutUsage(History.recoverPlain(disk())));
    }

    @Test
    void aLogThatAnApacheServerDidNotFinishWritingIsCutAndGoesOn() throws IOException {
        History history = new History(5, false);
        History.recoverPlain(disk());
        FileTxnSnapLog files = files();
        try {
            for (int zxid = 1; zxid <= 5; zxid++) {
                TxnHeader header = new TxnHeader(1, zxid, zxid, 1, -1);
                files.append(new Request(1, zxid, -1, header, new ErrorTxn(-101), zxid));
            }
            files.commit();
        } finally {
            files.close();
        }
        Path log = directory.resolve("version-2/log.1");
        byte[] whole = Files.readAllBytes(log);
        int end = whole.length - 1;
        while (whole[end] == 0) {
            end--;
        }
        whole[end] = 0;
        Files.write(log, whole);
        Recovery.Result result = History.recoverPlain(disk());
        assertEquals(4, result.recovered().replica().lastProcessedZxid());
        assertEquals(5, history.next(5).size());
        assertTrue(
                Apache.pictureOf(directory).contains("zxid 4"),
                Apache.pictureOf(directory).toString());
    }

    private FileTxnSnapLog files() throws IOException {
        return new FileTxnSnapLog(directory.toFile(), directory.toFile());
    }

    @ParameterizedTest
    @EnumSource
    @Shows(Fact.PACKED_SNAPSHOTS_ARE_READ)
    void snapshotsAreReadPackedInAnyWay(SnapStream.StreamMode mode) throws IOException {
        History history = new History(6, false);
        DataTree tree = new DataTree();
        ConcurrentHashMap<Long, Integer> sessions = new ConcurrentHashMap<>();
        for (Proposal proposal : history.next(3000)) {
            Apache.apply(tree, proposal);
        }
        history.replica()
                .sessions()
                .forEach(session -> sessions.put(session.id(), session.timeoutMillis()));
        SnapStream.StreamMode before = SnapStream.getStreamMode();
        SnapStream.setStreamMode(mode);
        FileTxnSnapLog files = files();
        try {
            files.save(tree, sessions, true);
        } finally {
            files.close();
            SnapStream.setStreamMode(before);
        }
        Recovery.Result result = History.recoverPlain(disk());
        History.assertSame(
                History.picture(history.replica()), History.picture(result.recovered().replica()));
        assertBrokenIsRefused("snapshot." + Long.toHexString(history.lastZxid()), mode);
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotThatWePackIsReadByApache(Packing packing) throws IOException {
        History history = new History(30, false);
        history.next(500);
        history.save(disk(), new SnapshotSettings(true, true, packing));
        Recovery.Result result = History.recoverPlain(disk());
        History.assertSame(
                History.picture(history.replica()), History.picture(result.recovered().replica()));
        History.assertSame(withoutUsage(result), Apache.pictureOf(directory));
    }

    private void assertBrokenIsRefused(String name, SnapStream.StreamMode mode) throws IOException {
        Path file = directory.resolve("version-2").resolve(name + mode.getFileExtension());
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at += 1 + good.length / 60) {
            if (at >= 8 && at < 16) {
                continue; // What no reader looks at: a database's number, a zip's flags.
            }
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(file, bad);
            refusedOrEqual(file, at);
        }
        for (int length = 0; length < good.length; length += 1 + good.length / 60) {
            Files.write(file, Arrays.copyOf(good, length));
            refusedOrEqual(file, length);
        }
    }

    /** A gzip file's header has bytes that mean nothing; all else must be refused. */
    private void refusedOrEqual(Path file, int at) throws IOException {
        boolean refused = false;
        try {
            History.recoverPlain(disk());
        } catch (DamageException e) {
            refused = e.toString().contains(file.getFileName().toString());
        }
        assertTrue(refused || at < 16, file.getFileName() + " with a mistake at " + at);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aSnapshotTakenWhileTheTreeChangedIsMadeGoodByTheLog(long seed) throws IOException {
        History history = new History(seed, false);
        History.recoverPlain(disk());
        DataTree tree = new DataTree();
        ConcurrentHashMap<Long, Integer> sessions = new ConcurrentHashMap<>();
        for (Proposal proposal : history.next(100)) {
            Apache.apply(tree, proposal);
        }
        history.replica()
                .sessions()
                .forEach(session -> sessions.put(session.id(), session.timeoutMillis()));
        Iterator<Proposal> rest = List.copyOf(history.next(300)).iterator();
        String name = "version-2/snapshot." + Long.toHexString(100);
        Apache.saveFuzzily(
                tree, sessions, directory.resolve(name), () -> applySome(tree, rest, seed));
        assertTrue(tree.lastProcessedZxid > 110, "hardly any change");
        try (TxnLog log = new TxnLog(disk(), History.SMALL, 0)) {
            for (Proposal proposal : history.proposals()) {
                log.append(proposal);
            }
        }
        Recovery.Result result = History.recoverPlain(disk());
        assertEquals(100, result.recovered().snapshotZxid());
        History.assertSame(
                History.picture(history.replica()), History.picture(result.recovered().replica()));
        assertFalse(result.findings().toString().contains("digest"), result.findings().toString());
    }

    private static void applySome(DataTree tree, Iterator<Proposal> rest, long seed) {
        for (int i = 0; i < 1 + seed % 7 && rest.hasNext(); i++) {
            try {
                Apache.apply(tree, rest.next());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** More with {@code -Dvivarium.digest.txns=1000000}. */
    @Test
    @Shows(Fact.THE_DIGEST_IS_APACHES)
    void theDigestIsApachesAfterEachTransaction() throws IOException {
        int txns = Integer.getInteger("vivarium.digest.txns", 20_000);
        History history = new History(20, false);
        DataTree tree = new DataTree();
        for (int i = 0; i < txns; i++) {
            Proposal proposal = history.next();
            Apache.apply(tree, proposal);
            assertEquals(
                    Long.toHexString(tree.getTreeDigest()),
                    Long.toHexString(proposal.digest()),
                    () -> proposal.toString());
        }
        List<String> ours = History.picture(history.replica());
        List<String> theirs = Apache.picture(tree, Map.of());
        ours.removeIf(line -> line.startsWith("sessions"));
        theirs.removeIf(line -> line.startsWith("sessions"));
        History.assertSame(theirs, ours);
    }
}
