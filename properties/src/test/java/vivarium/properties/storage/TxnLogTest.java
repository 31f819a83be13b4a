package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.core.Bytes;
import vivarium.core.Check;
import vivarium.core.tree.Path;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.properties.storage.MemoryDisk.Leaves;
import vivarium.storage.DamageException;
import vivarium.storage.LogCursor;
import vivarium.storage.LogSettings;
import vivarium.storage.Recovery;
import vivarium.storage.TxnLog;

class TxnLogTest {
    private final MemoryDisk disk = new MemoryDisk();
    private final History history = new History(1);

    private static TxnLog log(MemoryDisk disk, long lastZxid) {
        return new TxnLog(disk, History.SMALL, lastZxid);
    }

    private static void append(TxnLog log, List<Proposal> proposals) throws IOException {
        for (Proposal proposal : proposals) {
            log.append(proposal);
        }
    }

    private static List<Proposal> read(MemoryDisk disk, long after) throws IOException {
        List<Proposal> read = new ArrayList<>();
        try (LogCursor cursor = new LogCursor(disk, History.SMALL, after)) {
            for (Proposal next = cursor.next(); next != null; next = cursor.next()) {
                read.add(next);
            }
        }
        return read;
    }

    private static String logName(MemoryDisk disk) {
        return disk.list().stream().filter(name -> name.startsWith("log.")).toList().getLast();
    }

    private static RandomGenerator chance() {
        return new SplittableRandom(7);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasForcedSurvivesAnyPowerCut(Leaves leaves) throws IOException {
        TxnLog log = log(disk, 0);
        for (int i = 0; i < 50; i++) {
            append(log, history.next(1 + i % 4));
            assertEquals(history.lastZxid(), log.force());
            if (i % 17 == 0) {
                log.roll();
            }
            assertEquals(
                    history.proposals(),
                    read(disk.afterPowerCut(leaves, new SplittableRandom(i)), 0));
        }
    }

    @Test
    void aBatchIsOneWriteAndOneForce() throws IOException {
        TxnLog log = log(disk, 0);
        append(log, history.next(1));
        log.force();
        int before = disk.changes();
        append(log, history.next(5));
        log.force();
        assertEquals(2, disk.changes() - before);
        log.force();
        assertEquals(2, disk.changes() - before);
    }

    @Test
    void zerosAreWrittenAheadOfSmallBatchesAndNotOfLargeOnes() throws IOException {
        TxnLog log = new TxnLog(disk, LogSettings.DEFAULT, 0);
        Txn large = new Txn.SetData(Path.ROOT, Bytes.wrap(new byte[256 << 10]), 1, false);
        Txn small = new Txn.Failure(-1);
        long zxid = 0;
        for (int i = 0; i < 8; i++) {
            log.append(new Proposal(++zxid, 1, 1, 1, large, false, 0));
            int before = disk.changes();
            log.force();
            assertTrue(i == 0 || disk.changes() - before == 2, "a write and a force");
        }
        log.append(new Proposal(++zxid, 1, 1, 1, small, false, 0));
        int before = disk.changes();
        log.force();
        assertTrue(disk.changes() - before > 2, "the next small one has zeros behind it");
        log.append(new Proposal(++zxid, 1, 1, 1, small, false, 0));
        before = disk.changes();
        log.force();
        assertEquals(2, disk.changes() - before);
        assertEquals(zxid, read(disk, 0).getLast().zxid());
    }

    @Test
    void withoutForceSyncABatchIsOneWrite() throws IOException {
        TxnLog log = new TxnLog(disk, new LogSettings(8192, false, 1 << 20), 0);
        append(log, history.next(1));
        log.force();
        int before = disk.changes();
        append(log, history.next(5));
        log.force();
        assertEquals(1, disk.changes() - before);
        assertEquals(history.proposals(), read(disk, 0));
    }

    @Test
    void readingBeginsBehindAnyZxidAndCrossesFilesAndEpochs() throws IOException {
        TxnLog log = log(disk, 0);
        for (int i = 0; i < 6; i++) {
            append(log, history.next(7));
            log.roll();
            if (i % 2 == 1) {
                history.nextEpoch();
            }
        }
        List<Proposal> all = history.proposals();
        assertEquals(6, disk.list().size());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(all.subList(i + 1, all.size()), read(disk, all.get(i).zxid()));
        }
    }

    /** To cut there would take what was durable, and nobody would ever know. */
    @Test
    void aCutStopsAtDamageBeforeIt() throws IOException {
        TxnLog log = log(disk, 0);
        append(log, history.next(9));
        log.force();
        String name = logName(disk);
        byte[] whole = disk.bytes(name);
        byte[] broken = whole.clone();
        int inTheThird = (int) (recordEnds(whole).get(1) + 20);
        broken[inTheThird] ^= 1;
        disk.put(name, broken);
        long zxid = history.proposals().get(6).zxid();
        assertThrows(DamageException.class, () -> log.truncate(zxid, 0));
        disk.put(name, whole);
        log.truncate(zxid, 0);
        assertEquals(history.proposals().subList(0, 7), read(disk, 0));
    }

    @Test
    void aTornTailIsCutAtEveryByteOfABatch() throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        append(log, history.next(5));
        log.force();
        String name = logName(disk);
        byte[] before = disk.bytes(name);
        append(log, history.next(4));
        log.force();
        byte[] after = disk.bytes(name);
        List<Long> ends = recordEnds(after);
        assertEquals(9, ends.size());
        long from = ends.get(4);
        long to = ends.get(8);
        for (long end = from; end <= to; end++) {
            byte[] torn = Arrays.copyOf(before, after.length);
            System.arraycopy(after, (int) from, torn, (int) from, (int) (end - from));
            int whole = 0;
            for (long each : ends) {
                whole += each <= end ? 1 : 0;
            }
            assertRecovers(name, torn, whole);
            // The same, where the file's new length was lost as well.
            assertRecovers(name, Arrays.copyOf(torn, (int) end), whole);
        }
    }

    private void assertRecovers(String name, byte[] bytes, int records) throws IOException {
        MemoryDisk found = disk.copy();
        found.put(name, bytes);
        Recovery.Result result = History.recover(found);
        Proposal last = history.proposals().get(records - 1);
        assertEquals(last.zxid(), result.recovered().replica().lastProcessedZxid());
        assertEquals(last.digest(), result.recovered().replica().digest());
        assertEquals(records, result.recovered().txnsSinceSnapshot());
        // The next start finds a clean log, and writing goes on.
        TxnLog log = log(found, last.zxid());
        Proposal next = new Proposal(last.zxid() + 1, 1, 1, 1, new Txn.Failure(-1), false, 0);
        log.append(next);
        log.force();
        Recovery.Result again = History.recover(found);
        assertEquals(
                next.zxid(), again.recovered().replica().lastProcessedZxid(), bytes.length + "");
        assertFalse(again.findings().toString().contains("torn"), again.findings().toString());
    }

    /** Where in the file each whole record ends. */
    private static List<Long> recordEnds(byte[] file) {
        List<Long> ends = new ArrayList<>();
        int at = 16;
        while (at + 12 < file.length) {
            int length = ByteBuffer.wrap(file).getInt(at + 8);
            if (length == 0) {
                break;
            }
            at += 13 + length;
            ends.add((long) at);
        }
        return ends;
    }

    @Test
    void whateverSectorsOfABatchAPowerCutLeavesTheRestIsKept() throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        int survived = 0;
        for (int round = 0; round < 60; round++) {
            int kept = history.proposals().size();
            append(log, history.next(1 + round % 9));
            MemoryDisk mirror = disk.copy();
            MemoryDisk unforced = tornBatch(log, round);
            Recovery.Result result = History.recover(unforced);
            int have = result.recovered().txnsSinceSnapshot();
            assertTrue(have >= kept, have + " of " + kept + " " + result.findings());
            assertEquals(history.proposals().subList(0, have), read(unforced, 0), "round " + round);
            survived += have > kept ? 1 : 0;
            assertTrue(mirror.list().size() <= unforced.list().size() + 1);
            log.force();
        }
        assertTrue(survived > 5, "only " + survived + " rounds left something of a batch");
    }

    /** The batch is written, but the power goes before it is forced. */
    private MemoryDisk tornBatch(TxnLog log, int seed) {
        disk.failForces(1);
        assertThrows(IOException.class, log::force);
        return disk.afterPowerCut(Leaves.ANY_CHOICE, new SplittableRandom(seed));
    }

    @Test
    void aForceThatFailsIsMadeGoodByTheNextOne() throws IOException {
        TxnLog log = log(disk, 0);
        append(log, history.next(3));
        disk.failForces(1);
        assertThrows(IOException.class, log::force);
        assertEquals(0, log.lastForced());
        append(log, history.next(2));
        assertEquals(history.lastZxid(), log.force());
        assertEquals(history.proposals(), read(disk.afterPowerCut(Leaves.NOTHING, chance()), 0));
        append(log, history.next(2));
        disk.failForces(2);
        assertThrows(IOException.class, log::force);
        assertThrows(IOException.class, log::force);
        log.force();
        assertEquals(history.proposals(), read(disk.afterPowerCut(Leaves.NOTHING, chance()), 0));
    }

    @Test
    void aFullDiskIsMadeGoodWhenThereIsRoom() throws IOException {
        TxnLog log = log(disk, 0);
        append(log, history.next(3));
        disk.failWrites(1);
        assertThrows(IOException.class, log::force);
        append(log, history.next(2));
        log.force();
        append(log, history.next(2));
        disk.failWrites(1);
        assertThrows(IOException.class, log::force);
        assertThrows(
                Check.Broken.class,
                () -> log.append(history.proposals().getFirst()),
                "a zxid that is there already");
        log.force();
        assertEquals(history.proposals(), read(disk.afterPowerCut(Leaves.NOTHING, chance()), 0));
    }

    @Test
    void anyBitOfAForcedRecordThatTurnsIsNoticed() throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        append(log, history.next(4));
        log.force();
        String name = logName(disk);
        byte[] good = disk.bytes(name);
        List<Long> ends = recordEnds(good);
        for (int at = 16; at < ends.getLast(); at++) {
            MemoryDisk rotten = disk.copy();
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            rotten.put(name, bad);
            int offset = at;
            DamageException refusal =
                    assertThrows(
                            DamageException.class,
                            () -> History.recover(rotten),
                            () -> "byte " + offset + " of " + ends);
            assertTrue(refusal.toString().contains(name), refusal.toString());
            assertTrue(refusal.toString().contains("offset"), refusal.toString());
            assertTrue(Arrays.equals(bad, rotten.bytes(name)), "nothing is changed then");
        }
    }

    @Test
    void rotInAFileThatIsNotTheLastIsNoticed() throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        append(log, history.next(4));
        log.roll();
        String name = disk.list().getFirst();
        append(log, history.next(4));
        log.force();
        byte[] good = disk.bytes(name);
        for (long end : recordEnds(good)) {
            MemoryDisk rotten = disk.copy();
            byte[] bad = good.clone();
            bad[(int) end - 3] ^= 4;
            rotten.put(name, bad);
            assertThrows(DamageException.class, () -> History.recover(rotten));
            MemoryDisk zeroed = disk.copy();
            byte[] zeros = good.clone();
            Arrays.fill(zeros, (int) end - 40, zeros.length, (byte) 0);
            zeroed.put(name, zeros);
            assertThrows(DamageException.class, () -> History.recover(zeroed));
        }
    }

    @Test
    void aMissingFileIsNoticed() throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        for (int i = 0; i < 3; i++) {
            append(log, history.next(4));
            log.roll();
        }
        disk.delete(disk.list().get(1));
        DamageException refusal = assertThrows(DamageException.class, () -> History.recover(disk));
        assertTrue(refusal.toString().contains("missing"), refusal.toString());
        MemoryDisk first = new MemoryDisk();
        for (String name : disk.list().subList(1, disk.list().size())) {
            first.put(name, disk.bytes(name));
        }
        assertThrows(DamageException.class, () -> History.recover(first));
    }

    @Test
    void aFileWithWhichAnEpochBeginsIsNotReadOverEither() throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        append(log, history.next(4));
        log.roll();
        history.nextEpoch();
        append(log, history.next(3));
        log.roll();
        append(log, history.next(3));
        log.close();
        disk.delete("log." + Long.toHexString(history.proposals().get(4).zxid()));
        DamageException refusal = assertThrows(DamageException.class, () -> History.recover(disk));
        assertTrue(refusal.toString().contains("missing"), refusal.toString());
    }

    @Test
    void whatIsNoLogIsLeftAloneAndNamed() throws IOException {
        History.recover(disk);
        disk.put("log.5", "#!/bin/sh\nexit 0\n".getBytes(StandardCharsets.UTF_8));
        disk.put("log.backup", new byte[] {1});
        DamageException refusal = assertThrows(DamageException.class, () -> History.recover(disk));
        assertTrue(refusal.toString().contains("log.5"), refusal.toString());
        disk.delete("log.5");
        History.recover(disk);
        assertTrue(disk.exists("log.backup"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 16, 8192})
    void aFileWithoutATransactionGivesItsNameFree(int length) throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        append(log, history.next(3));
        log.close();
        byte[] header = Arrays.copyOf(disk.bytes(disk.list().getFirst()), Math.min(16, length));
        disk.put("log.4", Arrays.copyOf(header, length));
        Recovery.Result result = History.recover(disk);
        assertEquals(3, result.recovered().txnsSinceSnapshot());
        TxnLog next = log(disk, 3);
        append(next, history.next(1));
        next.force();
        assertEquals(history.proposals(), read(disk, 0));
    }

    @Test
    void cuttingKeepsEverythingUpToTheZxidAndNothingBehindIt() throws IOException {
        TxnLog log = log(disk, 0);
        for (int i = 0; i < 4; i++) {
            append(log, history.next(5));
            log.roll();
        }
        List<Proposal> all = history.proposals();
        for (int keep = 1; keep <= all.size(); keep++) {
            MemoryDisk copy = disk.copy();
            TxnLog cut = log(copy, history.lastZxid());
            cut.truncate(all.get(keep - 1).zxid(), -1);
            MemoryDisk found = copy.afterPowerCut(Leaves.NOTHING, chance());
            assertEquals(all.subList(0, keep), read(found, 0));
            // And the log goes on from there.
            long next = all.get(keep - 1).zxid() + 1;
            cut.append(new Proposal(next, 1, 1, 1, new Txn.Failure(-1), false, 0));
            cut.force();
            assertEquals(keep + 1, read(copy, 0).size());
        }
    }

    @Test
    void aPowerCutWhileCuttingLeavesABeginningOfTheLog() throws IOException {
        TxnLog log = log(disk, 0);
        for (int i = 0; i < 4; i++) {
            append(log, history.next(5));
            log.roll();
        }
        List<Proposal> all = history.proposals();
        for (int cut = 0; cut < 12; cut++) {
            for (Leaves leaves : Leaves.values()) {
                MemoryDisk copy = disk.copy();
                copy.cutPowerAfter(cut);
                try {
                    log(copy, history.lastZxid()).truncate(all.get(6).zxid(), -1);
                } catch (MemoryDisk.PowerCut e) {
                    assertTrue(cut >= 0, e.getMessage());
                }
                List<Proposal> left =
                        read(copy.afterPowerCut(leaves, new SplittableRandom(cut)), 0);
                assertTrue(left.size() >= 7, left.size() + " left");
                assertEquals(all.subList(0, left.size()), left);
            }
        }
    }

    @Test
    void aLogThatDoesNotReachBackIsNotCut() throws IOException {
        TxnLog log = log(disk, 0x10);
        log.append(new Proposal(0x11, 1, 1, 1, new Txn.Failure(-1), false, 0));
        log.force();
        assertThrows(DamageException.class, () -> log.truncate(5, -1));
        assertEquals(1, read(disk, 0x10).size());
    }

    @Test
    void whatWasAppendedBeforeASnapshotReplacedItIsForgotten() throws IOException {
        TxnLog log = log(disk, 0x10);
        log.append(new Proposal(0x11, 1, 1, 1, new Txn.Failure(-1), false, 0));
        log.restartBehind(0x20);
        assertFalse(log.isPending());
        Proposal next = new Proposal(0x21, 1, 1, 1, new Txn.Failure(-1), false, 0);
        log.append(next);
        log.force();
        assertEquals(List.of(next), read(disk, 0x20));
    }

    @Test
    void aRecordLongerThanApacheWouldReadIsReadAndReported() throws IOException {
        History.recover(disk);
        TxnLog log = log(disk, 0);
        Bytes large = Bytes.wrap(new byte[3 << 20]);
        Txn set = new Txn.SetData(Path.ROOT, large, 1, false);
        log.append(new Proposal(1, 1, 1, 1, set, false, 0));
        log.append(new Proposal(2, 1, 1, 1, new Txn.Failure(-1), false, 0));
        log.force();
        Recovery.Result result = History.recover(disk);
        assertEquals(2, result.recovered().replica().lastProcessedZxid());
        assertTrue(
                result.findings().toString().contains("jute.maxbuffer"),
                result.findings().toString());
    }

    @Test
    void aFullBatchDoesNotWaitForTheForce() throws IOException {
        TxnLog log = log(disk, 0);
        Txn set = new Txn.SetData(Path.ROOT, Bytes.wrap(new byte[1 << 20]), 1, false);
        for (int zxid = 1; zxid <= 10; zxid++) {
            log.append(new Proposal(zxid, 1, 1, 1, set, false, 0));
        }
        assertTrue(log.lastForced() >= 8, "forced " + log.lastForced());
        assertEquals(10, log.force());
        assertEquals(10, read(disk, 0).size());
    }
}
