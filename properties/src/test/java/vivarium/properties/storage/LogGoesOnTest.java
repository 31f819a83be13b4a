package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.properties.storage.MemoryDisk.Leaves;
import vivarium.storage.LogCursor;
import vivarium.storage.LogSettings;
import vivarium.storage.TxnLog;

/** How the log goes on behind a cut, a snapshot, or a file that is long enough. */
class LogGoesOnTest {
    private final MemoryDisk disk = new MemoryDisk();

    private static void append(TxnLog log, long from, long to) throws IOException {
        for (long zxid = from; zxid <= to; zxid++) {
            log.append(new Proposal(zxid, 1, 1, 1, new Txn.Failure(-1), false, 0));
        }
    }

    private List<Long> afterPowerCut(long after) throws IOException {
        MemoryDisk left = disk.afterPowerCut(Leaves.NOTHING, new SplittableRandom(1));
        List<Long> read = new ArrayList<>();
        try (LogCursor cursor = new LogCursor(left, History.SMALL, after)) {
            for (Proposal next = cursor.next(); next != null; next = cursor.next()) {
                read.add(next.zxid());
            }
        }
        return read;
    }

    /** Not where the file ended before, nor in a file that is there no more. */
    @Test
    void whatIsAppendedBehindACutFollowsWhatIsLeft() throws IOException {
        TxnLog log = new TxnLog(disk, History.SMALL, 0);
        append(log, 1, 4);
        log.roll();
        append(log, 5, 9);
        assertEquals(9, log.force());
        log.truncate(7, -1);
        append(log, 8, 8);
        assertEquals(8, log.force());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), afterPowerCut(0));
        log.truncate(3, -1);
        append(log, 4, 5);
        assertEquals(5, log.force());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), afterPowerCut(0));
    }

    @Test
    void whatIsAppendedBehindASnapshotIsAllThereIs() throws IOException {
        TxnLog log = new TxnLog(disk, History.SMALL, 0);
        append(log, 1, 4);
        log.force();
        log.restartBehind(20);
        append(log, 21, 22);
        assertEquals(22, log.force());
        assertEquals(List.of(21L, 22L), afterPowerCut(20));
    }

    /** Not even one that was born with the ensemble, and is called 0, is in the way. */
    @Test
    void aCutBeforeAllFilesLeavesNoLog() throws IOException {
        TxnLog log = new TxnLog(disk, History.SMALL, 0);
        append(log, 1, 4);
        log.force();
        log.truncate(0, 0);
        assertEquals(List.of(), disk.list());
        append(log, 1, 1);
        assertEquals(1, log.force());
        assertEquals(List.of(1L), afterPowerCut(0));
    }

    @Test
    void whatASnapshotHasReplacedDoesNotComeBack() throws IOException {
        TxnLog log = new TxnLog(disk, History.SMALL, 0);
        append(log, 1, 4);
        log.roll();
        append(log, 5, 6);
        log.force();
        log.restartBehind(20);
        MemoryDisk left = disk.afterPowerCut(Leaves.NOTHING, new SplittableRandom(1));
        assertEquals(List.of(), left.list());
    }

    @Test
    void whereNothingIsPendingAForceSaysWhatIsSafe() throws IOException {
        TxnLog log = new TxnLog(disk, History.SMALL, 7);
        assertEquals(7, log.force());
        append(log, 8, 9);
        assertEquals(9, log.lastAppended());
        assertEquals(7, log.lastForced());
        assertEquals(9, log.force());
        assertEquals(9, log.force());
        assertEquals(9, log.lastForced());
    }

    /** The next snapshot is due by it, so a batch counts before it is written and after. */
    @Test
    void theBytesOfALogAreCountedSinceItWasRolled() throws IOException {
        TxnLog log = new TxnLog(disk, History.SMALL, 0);
        append(log, 1, 1);
        long one = log.bytesSinceRoll();
        assertTrue(one > 0, "one record is " + one + " bytes");
        append(log, 2, 2);
        assertEquals(2 * one, log.bytesSinceRoll());
        log.force();
        append(log, 3, 3);
        assertEquals(3 * one, log.bytesSinceRoll());
        log.roll();
        assertEquals(0, log.bytesSinceRoll());
        append(log, 4, 4);
        log.force();
        log.restartBehind(9);
        assertEquals(0, log.bytesSinceRoll());
    }

    @Test
    void theBatchThatMakesAFileTooLongIsItsLast() throws IOException {
        TxnLog measure = new TxnLog(new MemoryDisk(), History.SMALL, 0);
        append(measure, 1, 1);
        long file = 16 + 2 * measure.bytesSinceRoll();
        TxnLog log = new TxnLog(disk, new LogSettings(0, true, 1 << 20, file), 0);
        for (long zxid = 1; zxid <= 6; zxid++) {
            append(log, zxid, zxid);
            log.force();
        }
        // Two make it as long as it may be, and the third too long.
        assertEquals(List.of("log.1", "log.4"), disk.list());
        append(log, 7, 7);
        log.force();
        assertEquals(List.of("log.1", "log.4", "log.7"), disk.list());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), afterPowerCut(0));
    }
}
