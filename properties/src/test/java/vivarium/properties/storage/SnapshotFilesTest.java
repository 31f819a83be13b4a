package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Proposal;
import vivarium.properties.storage.MemoryDisk.Leaves;
import vivarium.storage.DamageException;
import vivarium.storage.Packing;
import vivarium.storage.Recovery;
import vivarium.storage.SnapshotSettings;
import vivarium.storage.Snapshots;
import vivarium.storage.TxnLog;

/** Which snapshots stay, what a start makes safe of what it reads, and what it says of it. */
class SnapshotFilesTest {
    private static final int HEADER_BYTES = 16;

    private final MemoryDisk disk = new MemoryDisk();
    private final History history = new History(2);
    private TxnLog log = new TxnLog(disk, History.SMALL, 0);

    @BeforeEach
    void start() throws IOException {
        History.recover(disk);
        log = new TxnLog(disk, History.SMALL, 0);
    }

    private void write(int count) throws IOException {
        for (Proposal proposal : history.next(count)) {
            log.append(proposal);
        }
        log.force();
    }

    /** At 0, 10 and 20. */
    private void threeSnapshots() throws IOException {
        twoSnapshotsMore();
    }

    private void twoSnapshotsMore() throws IOException {
        for (int i = 0; i < 2; i++) {
            write(10);
            log.roll();
            history.save(disk);
        }
    }

    private static List<String> snapshots(MemoryDisk disk) {
        return disk.list().stream().filter(name -> name.startsWith("snapshot")).toList();
    }

    private static MemoryDisk afterPowerCut(MemoryDisk disk) {
        return disk.afterPowerCut(Leaves.NOTHING, new SplittableRandom(1));
    }

    private String findings() throws IOException {
        return History.recover(disk).findings().toString();
    }

    @Test
    void aCutGoesBackToTheNewestSnapshotBeforeIt() throws IOException {
        threeSnapshots();
        assertEquals(10, new Snapshots(disk).discardBehind(15));
        assertEquals(10, new Snapshots(disk).discardBehind(10));
        assertEquals(List.of("snapshot.0", "snapshot.a"), snapshots(disk));
    }

    /** That one is called 0, and is as good as any. */
    @Test
    void aCutGoesBackToTheSnapshotWithWhichAServerIsBorn() throws IOException {
        threeSnapshots();
        assertEquals(0, new Snapshots(disk).discardBehind(5));
        assertEquals(List.of("snapshot.0"), snapshots(disk));
    }

    @Test
    void whatIsBehindACutDoesNotComeBack() throws IOException {
        threeSnapshots();
        new Snapshots(disk).discardBehind(5);
        assertEquals(List.of("snapshot.0"), snapshots(afterPowerCut(disk)));
    }

    @Test
    void whatASnapshotHasReplacedDoesNotComeBack() throws IOException {
        threeSnapshots();
        new Snapshots(disk).discardAllBut(20);
        assertEquals(List.of("snapshot.14"), snapshots(disk));
        assertEquals(List.of("snapshot.14"), snapshots(afterPowerCut(disk)));
    }

    @Test
    void thoseThatAreKeptMayBeAllThereAre() throws IOException {
        threeSnapshots();
        twoSnapshotsMore();
        disk.delete("snapshot.0");
        disk.delete("snapshot.a");
        assertEquals(List.of("log.1"), new Snapshots(disk).purge(disk, 3));
        assertEquals(List.of("snapshot.14", "snapshot.1e", "snapshot.28"), snapshots(disk));
    }

    /**
     * The log need not make up for it: it may have come from a leader. Killed in the middle of
     * writing it, a server finds it, and says from then on that it has it.
     */
    @Test
    void theNameOfASnapshotThatAStartHasReadSurvivesAPowerCut() throws IOException {
        boolean wasRead = false;
        for (int cut = 0; cut < 20; cut++) {
            MemoryDisk killed = new MemoryDisk();
            MemoryDisk logs = new MemoryDisk();
            History sent = new History(2);
            zxid(killed, logs);
            sent.next(5);
            killed.cutPowerAfter(cut);
            try {
                sent.save(killed);
            } catch (MemoryDisk.PowerCut e) {
                wasRead |= killed.list().contains("snapshot.5");
            }
            killed.cutPowerAfter(-1);
            long seen = zxid(killed, logs);
            long then = zxid(afterPowerCut(killed), afterPowerCut(logs));
            assertEquals(seen, then, "killed after " + cut + " changes");
        }
        assertTrue(wasRead, "it was never there before its name was safe");
    }

    private static long zxid(MemoryDisk disk) throws IOException {
        return History.recover(disk).recovered().replica().lastProcessedZxid();
    }

    /** Of directories that stand apart, each with names of its own. */
    private static long zxid(MemoryDisk snapshots, MemoryDisk logs) throws IOException {
        Recovery.Options options =
                new Recovery.Options(History.SMALL, false, true, false, SnapshotSettings.DEFAULT);
        Recovery.Result result = new Recovery(snapshots, logs, options).recover();
        return result.recovered().replica().lastProcessedZxid();
    }

    /** A process was killed, or the power went, between the two. */
    @Test
    void aLogWithoutATransactionNeedsNoSnapshot() throws IOException {
        write(1);
        byte[] whole = disk.bytes("log.1");
        disk.delete("snapshot.0");
        disk.put("log.1", Arrays.copyOf(whole, HEADER_BYTES));
        assertEquals(0, zxid(disk.copy()));
        byte[] broken = whole.clone();
        broken[HEADER_BYTES + 12] ^= 1;
        disk.put("log.1", broken);
        assertThrows(DamageException.class, () -> History.recover(disk));
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotIsReadHoweverItWasPacked(Packing packing) throws IOException {
        history.next(60);
        history.save(disk, new SnapshotSettings(true, true, packing));
        disk.delete("snapshot.0");
        String name = snapshots(disk).getFirst();
        List<String> picture = History.picture(history.replica());
        History.assertSame(picture, History.picture(recovered(disk)));
        byte[] good = disk.bytes(name);
        for (int length = 0; length < good.length - 100; length += 1 + length / 20) {
            MemoryDisk torn = new MemoryDisk();
            torn.put(name, Arrays.copyOf(good, length));
            assertThrows(DamageException.class, () -> History.recover(torn), name + " " + length);
        }
        for (int at = 0; at < good.length; at += 1 + at / 20) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            MemoryDisk rotten = new MemoryDisk();
            rotten.put(name, bad);
            try {
                // Not each byte of a packed file stands for something.
                History.assertSame(picture, History.picture(recovered(rotten)));
            } catch (DamageException refusal) {
                assertTrue(refusal.toString().contains(name), refusal.toString());
            }
        }
    }

    /** It is written and read through buffers, which it does not fit. */
    @ParameterizedTest
    @EnumSource
    void aSnapshotIsReadHoweverLongItIs(Packing packing) throws IOException {
        Replica replica = Replica.fresh(true);
        SplittableRandom random = new SplittableRandom(3);
        List<Acl> open = List.of(new Acl(Acl.ALL, "world", "anyone"));
        for (int i = 1; i <= 60; i++) {
            byte[] data = new byte[i % 20 == 0 ? 300_000 : random.nextInt(9_000)];
            random.nextBytes(data);
            StatPersisted stat = new StatPersisted(i, i, 1, 1, 0, 0, 0, 0, i);
            replica.tree().create(Path.of("/z" + i), Bytes.wrap(data), open, -1, stat);
        }
        disk.delete("snapshot.0");
        History.save(disk, replica, new SnapshotSettings(true, true, packing));
        History.assertSame(History.picture(replica), History.picture(recovered(disk)));
    }

    private static Replica recovered(MemoryDisk disk) throws IOException {
        return History.recover(disk).recovered().replica();
    }

    // ---- what a start tells

    @Test
    void howManySnapshotsWereNeverFinishedIsTold() throws IOException {
        for (int i = 1; i <= 2; i++) {
            new Snapshots(disk).begin(new SnapshotHead(i, false, List.of(), List.of()));
        }
        assertTrue(findings().contains("Deleted 2 unfinished snapshots."));
        assertEquals("[]", findings());
    }

    @Test
    void aTreeThatIsNotWhatTheLogSaysIsTold() throws IOException {
        List<Proposal> some = history.next(3);
        for (Proposal right : some) {
            boolean lies = right.zxid() == 2;
            log.append(
                    new Proposal(
                            right.zxid(),
                            right.sessionId(),
                            right.cxid(),
                            right.timeMillis(),
                            right.txn(),
                            true,
                            right.digest() + (lies ? 1 : 0)));
        }
        log.force();
        String told = findings();
        assertTrue(told.contains("differs from the log's at 1 of 3 transactions"), told);
        assertTrue(told.contains("first at zxid 0x2"), told);
        assertTrue(told.contains("it is equal again"), told);
    }

    @Test
    void aTreeThatIsNotWhatItsSnapshotSaysIsTold() throws IOException {
        history.next(5);
        History.save(disk, history.replica(), new SnapshotTail(5, history.replica().digest() + 1));
        assertTrue(findings().contains("snapshot.5: its tree has the digest"), findings());
    }

    /** Where it says which transaction its tree has come to, that one is compared. */
    @Test
    void aTreeThatIsAheadOfItsNameIsComparedWhereTheLogHasCaughtUp() throws IOException {
        write(5);
        long digest = history.replica().digest();
        write(1);
        History before = new History(2);
        before.next(4);
        History.save(disk, before.replica(), new SnapshotTail(5, digest));
        assertFalse(findings().contains("digest"), findings());
        disk.delete("snapshot.4");
        History.save(disk, before.replica(), new SnapshotTail(5, digest + 1));
        String told = findings();
        assertTrue(told.contains("first at zxid 0x5"), told);
    }

    /** As an Apache server leaves it with its first snapshot. */
    @Test
    void theFirstSnapshotNeedNotKnowItsDigest() throws IOException {
        disk.delete("snapshot.0");
        Recovery.Result fresh = History.recover(new MemoryDisk());
        History.save(disk, fresh.recovered().replica(), new SnapshotTail(0, 0));
        assertEquals("[]", findings());
    }
}
