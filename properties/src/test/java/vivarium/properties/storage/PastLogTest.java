package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Zxid;
import vivarium.core.txn.Proposal;
import vivarium.storage.LogSettings;
import vivarium.storage.PastLog;
import vivarium.storage.TxnLog;

/** A log that is read back while it is written gives all of it or says that it can't. */
class PastLogTest {
    private static final LogSettings TIGHT = new LogSettings(0, true, 1 << 20);
    private static final double ANY_LENGTH = 1e9;

    private final MemoryDisk disk = new MemoryDisk();
    private final History history = new History(3);
    private final TxnLog log = new TxnLog(disk, TIGHT, 0);
    private PastLog past = reader(ANY_LENGTH, 300);

    private PastLog reader(double factor, int portionBytes) {
        return new PastLog(disk, disk, TIGHT, factor, portionBytes);
    }

    /** Files of 10, 5, 5 in the first epoch, of 10 in the second, and a snapshot in between. */
    @BeforeEach
    void writeFourFiles() throws IOException {
        write(10);
        log.roll();
        history.save(disk);
        write(5);
        log.roll();
        write(5);
        log.roll();
        history.nextEpoch();
        write(10);
    }

    private void write(int count) throws IOException {
        for (Proposal proposal : history.next(count)) {
            log.append(proposal);
        }
        log.force();
    }

    private List<Proposal> all() {
        return history.proposals();
    }

    private long zxid(int index) {
        return all().get(index).zxid();
    }

    private PastLog.Portion read(long zxid) throws IOException {
        return past.read(zxid, log.lastForced());
    }

    /** All that follows {@code zxid}, portion by portion. */
    private List<Proposal> readOn(long zxid) throws IOException {
        List<Proposal> read = new ArrayList<>();
        long at = zxid;
        PastLog.Portion portion = read(at);
        while (!portion.proposals().isEmpty()) {
            assertEquals(at, portion.foundZxid());
            read.addAll(portion.proposals());
            at = read.getLast().zxid();
            portion = read(at);
        }
        assertEquals(at, portion.foundZxid(), "the end of the log is a place in it");
        return read;
    }

    @Test
    void fromEveryPlaceAllThatFollowsIsRead() throws IOException {
        for (int i = 0; i < all().size(); i++) {
            assertEquals(all().subList(i + 1, all().size()), readOn(zxid(i)));
        }
    }

    @Test
    void aPortionIsNotMuchLongerThanIsAllowed() throws IOException {
        past = reader(ANY_LENGTH, 1);
        assertEquals(1, read(zxid(3)).proposals().size());
        past = reader(ANY_LENGTH, 1 << 20);
        assertEquals(26, read(zxid(3)).proposals().size());
    }

    @Test
    void whatIsWrittenBetweenTwoPortionsIsReadToo() throws IOException {
        assertEquals(2, readOn(zxid(27)).size());
        write(3);
        log.roll();
        write(4);
        assertEquals(all().subList(30, 37), readOn(zxid(29)));
    }

    @Test
    void ofAPlaceThatTheLogDoesNotHaveTheOneBeforeItIsTold() throws IOException {
        long beyond = zxid(19) + 5;
        PastLog.Portion portion = read(beyond);
        assertEquals(zxid(19), portion.foundZxid());
        assertEquals(zxid(20), portion.proposals().getFirst().zxid());
    }

    @Test
    void theMarkOfAnEpochIsNoPlaceInTheLog() throws IOException {
        long mark = Zxid.of(Zxid.epoch(zxid(20)), 0);
        assertEquals(zxid(19), read(mark).foundZxid());
    }

    @Test
    void whereTheFilesBeginLaterNothingIsTold() throws IOException {
        disk.delete(logs().getFirst());
        assertEquals(-1, read(zxid(4)).foundZxid());
        assertEquals(List.of(), read(zxid(4)).proposals());
        // Within an epoch the next one tells that this one was there.
        assertEquals(all().subList(10, all().size()), readOn(zxid(9)));
    }

    @Test
    void acrossTwoEpochsTheNextOneTellsNothing() throws IOException {
        List<String> logs = logs();
        for (String name : logs.subList(0, 3)) {
            disk.delete(name);
        }
        PastLog.Portion portion = read(zxid(19));
        assertTrue(portion.foundZxid() < 0 || portion.proposals().isEmpty(), portion.toString());
    }

    @Test
    void aGapIsNeverReadOver() throws IOException {
        disk.delete(logs().get(1));
        List<Proposal> before = new ArrayList<>();
        assertThrows(
                IOException.class,
                () -> {
                    long at = zxid(4);
                    for (int i = 0; i < 40; i++) {
                        before.addAll(read(at).proposals());
                        at = before.getLast().zxid();
                    }
                });
        assertEquals(all().subList(5, 5 + before.size()), before);
        assertTrue(before.size() <= 5, before.size() + " read");
    }

    /**
     * A crash between a leader's snapshot and the removal of the logs that it replaces leaves some
     * that end before it; what is logged then begins another epoch, and nothing seems to be
     * missing.
     */
    @Test
    void whatOnlyASnapshotStandsForIsNeverReadOver() throws IOException {
        String third = logs().get(2);
        byte[] snapshot = disk.bytes(disk.list().getLast());
        disk.delete(third);
        disk.put("snapshot." + Long.toHexString(Zxid.of(Zxid.epoch(zxid(20)), 0)), snapshot);
        assertEquals(-1, read(zxid(17)).foundZxid(), "a place behind the logs that are left");
        assertEquals(-1, read(zxid(14)).foundZxid(), "their end");
        assertThrows(IOException.class, () -> readOn(zxid(3)), "behind the snapshot at 10");
        past = reader(ANY_LENGTH, 1);
        assertThrows(IOException.class, () -> readOn(zxid(3)));
        assertEquals(-1, read(zxid(11)).foundZxid(), "nothing vouches for the files before it");
    }

    /**
     * The same crash, where the logs have an end that the leader did not: what is in them behind
     * the place that the two had in common was never agreed upon, and no learner may be told of it.
     */
    @Test
    void theEndOfALogThatASnapshotReplacesIsNotRead() throws IOException {
        byte[] snapshot = disk.bytes(disk.list().getLast());
        disk.delete(logs().getLast());
        disk.put("snapshot." + Long.toHexString(Zxid.of(Zxid.epoch(zxid(20)), 1)), snapshot);
        for (int portionBytes : new int[] {1, 1 << 20}) {
            past = reader(ANY_LENGTH, portionBytes);
            assertEquals(-1, past.read(zxid(12), zxid(20)).foundZxid());
            assertEquals(-1, past.read(zxid(18), zxid(20)).foundZxid());
        }
        // Up to a snapshot of its own the log is what this server stands for.
        assertEquals(
                zxid(4),
                reader(ANY_LENGTH, 1).read(zxid(3), zxid(20)).proposals().getFirst().zxid());
    }

    /** The snapshots go first, and the power may go with them. */
    @Test
    void logsThatAPurgeHasLeftHalfDoneAreNotRead() throws IOException {
        byte[] snapshot = disk.bytes(disk.list().getLast());
        disk.delete(disk.list().getLast());
        disk.put("snapshot." + Long.toHexString(zxid(24)), snapshot);
        assertEquals(-1, read(zxid(14)).foundZxid());
        assertEquals(zxid(21), read(zxid(21)).foundZxid());
    }

    @Test
    void damageIsToldAndTheReaderCanBeUsedAgain() throws IOException {
        String first = logs().getFirst();
        byte[] whole = disk.bytes(first);
        byte[] broken = whole.clone();
        broken[whole.length / 2] ^= 1;
        disk.put(first, broken);
        assertThrows(IOException.class, () -> readOn(zxid(0)));
        disk.put(first, whole);
        assertEquals(all().subList(1, all().size()), readOn(zxid(0)));
    }

    /** It would come a second time, when it is proposed to the learner as all that is new. */
    @Test
    void whatCouldNotBeForcedIsNotReadYet() throws IOException {
        for (Proposal proposal : history.next(3)) {
            log.append(proposal);
        }
        disk.failForces(1);
        assertThrows(IOException.class, log::force);
        past = reader(ANY_LENGTH, 1 << 20);
        assertEquals(all().subList(26, 30), read(zxid(25)).proposals());
    }

    @Test
    void aFileThatIsPurgedMeanwhileEndsTheReading() throws IOException {
        past = reader(ANY_LENGTH, 1);
        read(zxid(3));
        for (String name : logs()) {
            disk.delete(name);
        }
        assertThrows(
                IOException.class,
                () -> {
                    for (int i = 4; i < 30; i++) {
                        read(zxid(i));
                    }
                });
    }

    @Test
    void aLogThatIsLongerThanASnapshotIsNotRead() throws IOException {
        past = reader(0.001, 1 << 20);
        assertEquals(-1, read(zxid(4)).foundZxid());
        past = reader(-1, 1 << 20);
        assertEquals(-1, read(zxid(28)).foundZxid());
    }

    @Test
    void whoHasBegunGetsTheRestHoweverLongItGrows() throws IOException {
        long snapshot = disk.bytes(disk.list().getLast()).length;
        past = reader(1.0 * (disk.bytes(logs().getLast()).length + 10) / snapshot, 1);
        assertEquals(zxid(20), read(zxid(20)).foundZxid());
        write(200);
        log.roll();
        write(1);
        for (int i = 21; i < all().size() - 1; i++) {
            assertEquals(zxid(i), read(zxid(i)).foundZxid());
        }
        past.forget();
        assertEquals(-1, read(zxid(20)).foundZxid());
    }

    /** The oldest first. */
    private List<String> logs() {
        return disk.list().stream()
                .filter(name -> name.startsWith("log."))
                .sorted(Comparator.comparingLong(name -> Long.parseLong(name.substring(4), 16)))
                .toList();
    }
}
