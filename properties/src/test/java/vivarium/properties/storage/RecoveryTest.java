package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.Znode;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.properties.storage.MemoryDisk.Leaves;
import vivarium.storage.DamageException;
import vivarium.storage.Epochs;
import vivarium.storage.Packing;
import vivarium.storage.Recovery;
import vivarium.storage.SnapshotSettings;
import vivarium.storage.SnapshotWriter;
import vivarium.storage.Snapshots;
import vivarium.storage.TxnLog;

class RecoveryTest {
    private final MemoryDisk disk = new MemoryDisk();
    private final History history = new History(2);

    private TxnLog startedLog() throws IOException {
        History.recover(disk);
        return new TxnLog(disk, History.SMALL, 0);
    }

    private void write(TxnLog log, int count) throws IOException {
        for (Proposal proposal : history.next(count)) {
            log.append(proposal);
        }
        log.force();
    }

    private void assertIsHistory(Recovery.Result result) {
        Replica found = result.recovered().replica();
        History.assertSame(History.picture(history.replica()), History.picture(found));
    }

    private static RandomGenerator chance(int seed) {
        return new SplittableRandom(seed);
    }

    @Test
    void aNewServerHasItsFirstSnapshotBeforeItsFirstTransaction() throws IOException {
        Recovery.Result result = History.recover(disk);
        assertEquals(0, result.recovered().snapshotZxid());
        assertEquals(List.of(), result.findings());
        MemoryDisk found = disk.afterPowerCut(Leaves.NOTHING, chance(1));
        assertEquals(List.of("snapshot.0"), found.list());
        History.assertSame(
                History.picture(Replica.fresh(true)),
                History.picture(History.recover(found).recovered().replica()));
    }

    @Test
    void aServerIsWhatItsLastSnapshotAndTheLogBehindItSay() throws IOException {
        TxnLog log = startedLog();
        new Epochs(disk).saveAccepted(0);
        new Epochs(disk).saveCurrent(0);
        for (int i = 0; i < 6; i++) {
            write(log, 40);
            Recovery.Result result = History.recover(disk.copy());
            assertIsHistory(result);
            assertEquals(40 + (i % 2) * 40, result.recovered().txnsSinceSnapshot());
            assertEquals(List.of(), result.findings());
            if (i % 2 == 1) {
                log.roll();
                history.save(disk);
                assertIsHistory(History.recover(disk.copy()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPowerCutWhileASnapshotIsWrittenChangesNothing(Leaves leaves) throws IOException {
        TxnLog log = startedLog();
        write(log, 60);
        log.roll();
        int cut = 0;
        boolean finished = false;
        while (!finished) {
            MemoryDisk copy = disk.copy();
            copy.cutPowerAfter(cut);
            finished = savesSnapshot(copy);
            for (int seed = 0; seed < 5; seed++) {
                MemoryDisk found = copy.afterPowerCut(leaves, chance(seed));
                assertIsHistory(History.recover(found));
                assertFalse(found.list().toString().contains("unfinished"));
                assertIsHistory(History.recover(found));
            }
            cut++;
        }
        assertTrue(cut > 4, "only " + cut + " changes");
    }

    private boolean savesSnapshot(MemoryDisk copy) throws IOException {
        try {
            history.save(copy);
            return true;
        } catch (MemoryDisk.PowerCut e) {
            return false;
        }
    }

    /** A process that was killed had written it, and nobody had forced it. */
    @Test
    void whatAStartHasReadSurvivesAPowerCut() throws IOException {
        TxnLog log = startedLog();
        write(log, 3);
        for (Proposal proposal : history.next(2)) {
            log.append(proposal);
        }
        disk.failForces(1);
        assertThrows(IOException.class, log::force);
        assertIsHistory(History.recover(disk));
        assertIsHistory(History.recover(disk.afterPowerCut(Leaves.NOTHING, chance(1))));
    }

    /** Its name was in the directory, and nowhere on the disk. */
    @Test
    void theNameOfAFileThatAStartHasReadSurvivesAPowerCut() throws IOException {
        MemoryDisk logs = new MemoryDisk();
        Recovery.Options options =
                new Recovery.Options(History.SMALL, false, true, false, SnapshotSettings.DEFAULT);
        new Recovery(disk, logs, options).recover();
        TxnLog log = new TxnLog(logs, History.SMALL, 0);
        for (Proposal proposal : history.next(2)) {
            log.append(proposal);
        }
        logs.failForces(1);
        assertThrows(IOException.class, log::force);
        assertIsHistory(new Recovery(disk, logs, options).recover());
        MemoryDisk left = logs.afterPowerCut(Leaves.NOTHING, chance(1));
        assertIsHistory(new Recovery(disk, left, options).recover());
    }

    /** An Apache server's may lack one that was made while it was written; the log has it then. */
    @Test
    void aZnodeWhoseAccessListIsNotThereIsNobodys() throws IOException {
        Path quota = Path.of("/zookeeper/quota");
        Replica fresh = Replica.fresh(true);
        SnapshotWriter writer =
                new Snapshots(disk).begin(new SnapshotHead(0, false, List.of(), List.of()));
        fresh.tree()
                .capture((path, data, aclId, stat) -> {
                    try {
                        writer.znode(path, data, path.equals(quota) ? 77 : aclId, stat);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .advance(Integer.MAX_VALUE);
        writer.end(new SnapshotTail(0, fresh.digest()));
        Recovery.Result result = History.recover(disk);
        Znode found = result.recovered().replica().tree().find(quota);
        assertNotNull(found);
        assertEquals(List.of(new Acl(0, "world", "anyone")), found.acl());
        assertTrue(
                result.findings().toString().contains("access lists"),
                result.findings().toString());
    }

    @Test
    void aSnapshotThatIsGivenUpLeavesNothing() throws IOException {
        startedLog();
        List<String> before = disk.list();
        SnapshotWriter writer =
                new Snapshots(disk).begin(new SnapshotHead(7, false, List.of(), List.of()));
        writer.abandon();
        assertEquals(before, disk.list());
    }

    @Test
    void aBrokenSnapshotIsSkippedForTheOneBeforeIt() throws IOException {
        TxnLog log = startedLog();
        write(log, 30);
        log.roll();
        history.save(disk);
        write(log, 30);
        log.roll();
        history.save(disk);
        write(log, 10);
        String newest = "snapshot." + Long.toHexString(60);
        byte[] good = disk.bytes(newest);
        for (int at = 0; at < good.length; at += 1 + at / 40) {
            if (at >= 8 && at < 16) {
                continue; // The number of a database, which nobody reads.
            }
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            assertFallsBack(newest, bad);
        }
        for (int length = 0; length < good.length; length += 1 + length / 40) {
            if (!endsAtATail(good, length)) {
                assertFallsBack(newest, Arrays.copyOf(good, length));
            }
        }
    }

    /** Up to a seal it is what an older server would have written. */
    private static boolean endsAtATail(byte[] good, int length) {
        return length == good.length - 21 || length == good.length - 21 - 33;
    }

    private void assertFallsBack(String newest, byte[] bad) throws IOException {
        MemoryDisk copy = disk.copy();
        copy.put(newest, bad);
        Recovery.Result result = History.recover(copy);
        assertIsHistory(result);
        assertEquals(30, result.recovered().snapshotZxid());
        assertTrue(result.findings().toString().contains(newest), result.findings().toString());
        assertTrue(Arrays.equals(bad, copy.bytes(newest)), "it is left as it was found");
    }

    /** Found by the model checker (Disk, skippedIsForgotten): crash, power cut, and then rot. */
    @Test
    void aSnapshotThatTheLogDoesNotReachIsNotSkipped() throws IOException {
        TxnLog log = startedLog();
        write(log, 30);
        log.close();
        history.next(5); // They never came to this log, but the snapshot has them.
        history.save(disk);
        assertIsHistory(History.recover(disk.copy()));
        history.nextEpoch();
        TxnLog next = new TxnLog(disk, History.SMALL, 35);
        write(next, 3);
        assertIsHistory(History.recover(disk.copy()));
        byte[] bad = disk.bytes("snapshot.23");
        bad[bad.length / 2] ^= 1;
        disk.put("snapshot.23", bad);
        DamageException refusal = assertThrows(DamageException.class, () -> History.recover(disk));
        assertTrue(refusal.toString().contains("no transaction 0x23"), refusal.toString());
    }

    /** A leader's snapshot has replaced the log, and the power went before the old one could go. */
    @Test
    void aSnapshotWhoseEndHasRottedIsNotTakenForOneThatWasNeverFinished() throws IOException {
        TxnLog log = startedLog();
        write(log, 5);
        history.save(disk);
        log.restartBehind(5);
        assertEquals(List.of("snapshot.0", "snapshot.5"), disk.list());
        byte[] good = disk.bytes("snapshot.5");
        for (int at = good.length - 5; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            disk.put("snapshot.5", bad);
            DamageException refusal =
                    assertThrows(DamageException.class, () -> History.recover(disk));
            assertTrue(refusal.toString().contains("snapshot.5"), refusal.toString());
        }
    }

    /** There is no second seal that would tell of it. */
    @Test
    void aSnapshotWithoutADigestIsSealedToo() throws IOException {
        startedLog();
        history.next(30);
        history.save(disk, new SnapshotSettings(false, false, Packing.NONE));
        disk.delete("snapshot.0");
        assertIsHistory(History.recover(disk.copy()));
        byte[] good = disk.bytes("snapshot.1e");
        for (int at = 16; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            MemoryDisk rotten = disk.copy();
            rotten.put("snapshot.1e", bad);
            int place = at;
            assertThrows(DamageException.class, () -> History.recover(rotten), () -> "at " + place);
        }
    }

    @Test
    void aSnapshotThatIsGoneIsMadeGoodByTheOneBeforeIt() throws IOException {
        TxnLog log = startedLog();
        write(log, 30);
        log.roll();
        history.save(disk);
        write(log, 10);
        disk.delete("snapshot.1e");
        assertIsHistory(History.recover(disk));
    }

    @Test
    void withoutAnyWholeSnapshotNothingIsMadeUp() throws IOException {
        TxnLog log = startedLog();
        write(log, 5);
        MemoryDisk broken = disk.copy();
        broken.put("snapshot.0", new byte[20]);
        DamageException refusal =
                assertThrows(DamageException.class, () -> History.recover(broken, true));
        assertTrue(refusal.toString().contains("snapshot.0"), refusal.toString());
        // Nor where the log goes through what they stood for: that they are not there is trusted.
        MemoryDisk both = broken.copy();
        both.delete("snapshot.0");
        both.put("snapshot.5", new byte[20]);
        assertThrows(DamageException.class, () -> History.recover(both, true));
        disk.delete("snapshot.0");
        refusal = assertThrows(DamageException.class, () -> History.recover(disk));
        assertTrue(refusal.toString().contains("snapshot.trust.empty"), refusal.toString());
        assertIsHistory(History.recover(disk, true));
        // From now on there is one.
        assertIsHistory(History.recover(disk, false));
    }

    @Test
    void snapshotsAndLogsInTheWrongDirectoryAreRefused() throws IOException {
        MemoryDisk snapshots = new MemoryDisk();
        MemoryDisk logs = new MemoryDisk();
        Recovery.Options options =
                new Recovery.Options(History.SMALL, false, true, false, SnapshotSettings.DEFAULT);
        new Recovery(snapshots, logs, options).recover();
        assertEquals(List.of("snapshot.0"), snapshots.list());
        assertEquals(List.of(), logs.list());
        logs.put("snapshot.0", snapshots.bytes("snapshot.0"));
        assertThrows(DamageException.class, () -> new Recovery(snapshots, logs, options).recover());
        logs.delete("snapshot.0");
        snapshots.put("log.1", new byte[0]);
        assertThrows(DamageException.class, () -> new Recovery(snapshots, logs, options).recover());
    }

    @ParameterizedTest
    @EnumSource
    void aPowerCutInAPurgeLeavesEverythingThatIsNeeded(Leaves leaves) throws IOException {
        TxnLog log = startedLog();
        for (int i = 0; i < 7; i++) {
            write(log, 10);
            log.roll();
            history.save(disk);
        }
        write(log, 3);
        for (int cut = 0; cut < 20; cut++) {
            MemoryDisk copy = disk.copy();
            copy.cutPowerAfter(cut);
            try {
                new Snapshots(copy).purge(copy, 3);
            } catch (MemoryDisk.PowerCut e) {
                assertTrue(cut < 19, e.getMessage());
            }
            MemoryDisk found = copy.afterPowerCut(leaves, chance(cut));
            assertIsHistory(History.recover(found));
            // The third-newest snapshot is good for a start too.
            for (String name : List.of("snapshot.46", "snapshot.3c")) {
                found.put(name, new byte[3]);
                assertIsHistory(History.recover(found));
            }
        }
    }

    @Test
    void aPurgeKeepsTheWantedSnapshotsAndTheLogsBehindThem() throws IOException {
        TxnLog log = startedLog();
        for (int i = 0; i < 7; i++) {
            write(log, 10);
            log.roll();
            history.save(disk);
        }
        write(log, 3);
        disk.put("notes.txt", new byte[1]);
        // The newest but one is broken: it counts for nothing, and is left alone.
        disk.put("snapshot.3c", new byte[3]);
        List<String> deleted = new Snapshots(disk).purge(disk, 1);
        assertEquals(
                List.of(
                        "log.1f",
                        "log.29",
                        "log.33",
                        "log.3d",
                        "log.47",
                        "notes.txt",
                        "snapshot.28",
                        "snapshot.32",
                        "snapshot.3c",
                        "snapshot.46"),
                disk.list());
        assertEquals(7, deleted.size());
        assertIsHistory(History.recover(disk));
        assertEquals(List.of(), new Snapshots(disk).purge(disk, 5));
    }

    @Test
    void snapshotsBehindACutAreDiscardedUnlessNoneWouldBeLeft() throws IOException {
        TxnLog log = startedLog();
        for (int i = 0; i < 3; i++) {
            write(log, 10);
            log.roll();
            history.save(disk);
        }
        log.truncate(15, new Snapshots(disk).discardBehind(15));
        Recovery.Result result = History.recover(disk);
        assertEquals(15, result.recovered().replica().lastProcessedZxid());
        assertEquals(history.proposals().get(14).digest(), result.recovered().replica().digest());
        MemoryDisk copy = disk.copy();
        copy.delete("snapshot.0");
        assertThrows(DamageException.class, () -> new Snapshots(copy).discardBehind(5));
        assertTrue(copy.exists("snapshot.a"));
    }

    /** What a leader sent as a snapshot has no log files, until more is proposed. */
    @Test
    void aCutWhereTheFirstLogFileBeginsLeavesTheSnapshot() throws IOException {
        TxnLog log = startedLog();
        write(log, 10);
        history.save(disk);
        log.close();
        log.restartBehind(10);
        new Snapshots(disk).discardAllBut(10);
        log = new TxnLog(disk, History.SMALL, 10);
        write(log, 3);
        log.truncate(10, new Snapshots(disk).discardBehind(10));
        assertEquals(10, History.recover(disk).recovered().replica().lastProcessedZxid());
    }

    /** A learner has been sent a snapshot that is ahead of it, or behind what it alone has. */
    @ParameterizedTest
    @ValueSource(ints = {25, 60})
    void aSnapshotThatReplacesAllIsSafeWhateverAPowerCutLeaves(int replacement) throws IOException {
        TxnLog log = startedLog();
        for (int i = 0; i < 4; i++) {
            write(log, 10);
            log.roll();
            if (i % 2 == 1) {
                history.save(disk);
            }
        }
        History sent = new History(2);
        sent.next(replacement);
        for (int cut = 0; cut < 20; cut++) {
            for (Leaves leaves : Leaves.values()) {
                MemoryDisk copy = disk.copy();
                History.save(copy, sent.replica());
                copy.cutPowerAfter(cut);
                boolean done = replaces(copy, sent.lastZxid());
                Recovery.Result found = History.recover(copy.afterPowerCut(leaves, chance(cut)));
                long zxid = found.recovered().replica().lastProcessedZxid();
                assertTrue(zxid >= replacement, "zxid " + zxid + " after " + cut + " changes");
                if (done || replacement > 40) {
                    History.assertSame(
                            History.picture(sent.replica()),
                            History.picture(found.recovered().replica()));
                }
            }
        }
    }

    /** Behind what it was sent, the learner had more of its own, which goes from its end on. */
    @Test
    void aSnapshotThatReplacesAnEndLeavesNoHoleWhateverAPowerCutLeaves() throws IOException {
        TxnLog log = startedLog();
        for (int i = 1; i <= 6; i++) {
            write(log, 5);
            log.roll();
            if (i == 3) {
                history.save(disk);
            }
        }
        for (int cut = 0; cut < 20; cut++) {
            for (Leaves leaves : Leaves.values()) {
                MemoryDisk copy = disk.copy();
                copy.cutPowerAfter(cut);
                replaces(copy, 15);
                Recovery.Result found = History.recover(copy.afterPowerCut(leaves, chance(cut)));
                long zxid = found.recovered().replica().lastProcessedZxid();
                assertTrue(zxid >= 15, "zxid " + zxid + " after " + cut + " changes");
            }
        }
    }

    private static boolean replaces(MemoryDisk disk, long zxid) throws IOException {
        try {
            TxnLog log = new TxnLog(disk, History.SMALL, 40);
            log.append(new Proposal(41, 1, 1, 1, new Txn.Failure(-1), false, 0));
            log.restartBehind(zxid);
            new Snapshots(disk).discardAllBut(zxid);
            assertFalse(log.isPending());
            return true;
        } catch (MemoryDisk.PowerCut e) {
            return false;
        }
    }

    @Test
    void epochsThatWereSavedAreFound() throws IOException {
        startedLog();
        Epochs epochs = new Epochs(disk);
        long[] saved = {7, 12, 4_321, Integer.MAX_VALUE};
        for (long epoch : saved) {
            epochs.saveAccepted(epoch);
            epochs.saveCurrent(epoch - 1);
            Recovery.Result result = History.recover(disk.afterPowerCut(Leaves.NOTHING, chance(1)));
            assertEquals(epoch, result.recovered().acceptedEpoch());
            assertEquals(epoch - 1, result.recovered().currentEpoch());
        }
    }

    @Test
    void missingEpochsAreThoseOfTheLastTransaction() throws IOException {
        TxnLog log = startedLog();
        for (int i = 0; i < 3; i++) {
            history.nextEpoch();
        }
        write(log, 4);
        Recovery.Result result = History.recover(disk);
        assertEquals(3, result.recovered().acceptedEpoch());
        assertEquals(3, result.recovered().currentEpoch());
        assertTrue(result.findings().toString().contains("currentEpoch"));
        new Epochs(disk).saveCurrent(3);
        assertEquals(3, History.recover(disk).recovered().acceptedEpoch());
    }

    @Test
    void anEpochThatWasLoggedButNotSavedYetIsThatOfTheLogUnlessItWasNotPromised()
            throws IOException {
        TxnLog log = startedLog();
        history.nextEpoch();
        history.nextEpoch();
        write(log, 4);
        Epochs epochs = new Epochs(disk);
        epochs.saveAccepted(2);
        epochs.saveCurrent(1);
        assertEquals(2, History.recover(disk).recovered().currentEpoch());
        epochs.saveAccepted(1);
        assertRefused("acceptedEpoch");
        disk.put("acceptedEpoch", "two".getBytes(StandardCharsets.US_ASCII));
        assertRefused("acceptedEpoch");
        disk.put("acceptedEpoch", new byte[0]);
        assertRefused("acceptedEpoch");
    }

    private void assertRefused(String file) {
        DamageException refusal = assertThrows(DamageException.class, () -> History.recover(disk));
        assertTrue(refusal.toString().contains(file), refusal.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void aPowerCutWhileAnEpochIsSavedLeavesTheOldOrTheNew(int cut) throws IOException {
        startedLog();
        Epochs epochs = new Epochs(disk);
        epochs.saveAccepted(5);
        epochs.saveCurrent(5);
        disk.cutPowerAfter(cut);
        boolean saved = false;
        try {
            epochs.saveAccepted(9);
            saved = true;
            epochs.saveCurrent(9);
        } catch (MemoryDisk.PowerCut e) {
            assertTrue(cut < 10, e.getMessage());
        }
        for (Leaves leaves : Leaves.values()) {
            for (int seed = 0; seed < 8; seed++) {
                Recovery.Result found = History.recover(disk.afterPowerCut(leaves, chance(seed)));
                long accepted = found.recovered().acceptedEpoch();
                assertTrue(accepted == 9 || (!saved && accepted == 5), "accepted " + accepted);
                long current = found.recovered().currentEpoch();
                assertTrue(current == 5 || current == 9, "current " + current);
            }
        }
    }
}
