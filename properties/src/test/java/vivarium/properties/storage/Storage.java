package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.Znode;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.properties.storage.MemoryDisk.Leaves;
import vivarium.properties.storage.StorageStep.Flip;
import vivarium.properties.storage.StorageStep.ReadBack;
import vivarium.storage.DamageException;
import vivarium.storage.PastLog;
import vivarium.storage.Recovery;
import vivarium.storage.SnapshotSettings;
import vivarium.storage.Snapshots;
import vivarium.storage.TxnLog;

/**
 * A server's logs and snapshots, used as the server uses them, beside what is written down of them:
 * a list of all proposals, and how many of them were said to be safe.
 */
final class Storage {
    private static final Pattern NAMED = Pattern.compile("(log|snapshot)\\.[0-9a-f]+");
    private static final long SESSION = 0x0100_0000_0000_0000L;

    private final boolean sameDirectory;
    private MemoryDisk snapshots = new MemoryDisk();
    private MemoryDisk logs;
    private TxnLog log;

    /** All that a complete reading would give, from the very beginning. */
    private List<Proposal> history = new ArrayList<>();

    /** The state behind all of it. */
    private Replica replica = Replica.fresh(true);

    /** So many of them survive whatever happens. */
    private int safe;

    /** No leader would ask to cut more than this: it was agreed. */
    private int agreed;

    /** What a power cut has taken is proposed again, until another epoch begins. */
    private final ArrayDeque<Proposal> again = new ArrayDeque<>();

    private long epoch;

    Storage(boolean sameDirectory) throws IOException {
        this.sameDirectory = sameDirectory;
        this.logs = sameDirectory ? snapshots : snapshots.sibling();
        recovery(snapshots, logs);
        this.log = new TxnLog(logs, History.SMALL, 0);
    }

    private long lastZxid() {
        return history.isEmpty() ? 0 : history.getLast().zxid();
    }

    /** The beginnings of the history that the disk may hold. */
    private record Range(int least, int most) {}

    private Range range() {
        return new Range(safe, history.size());
    }

    // ---- what a server does

    void append(int count, int flavour) throws IOException {
        for (int i = 0; i < count; i++) {
            Proposal next = again.isEmpty() ? draw(flavour + i) : again.remove();
            log.append(next);
            replica.apply(next);
            history.add(next);
        }
    }

    private Proposal draw(int flavour) {
        long zxid = Math.max(lastZxid(), epoch << 32) + 1;
        Proposal bare =
                new Proposal(
                        zxid,
                        SESSION + flavour,
                        history.size(),
                        zxid,
                        txn(zxid, flavour),
                        false,
                        0);
        Replica after = replicaOf(history);
        after.apply(bare);
        return new Proposal(
                zxid, bare.sessionId(), bare.cxid(), zxid, bare.txn(), true, after.digest());
    }

    private Txn txn(long zxid, int flavour) {
        Znode root = replica.tree().find(Path.ROOT);
        Path first = Path.of("/n-1");
        byte[] filled = new byte[flavour * 41 % 900];
        // A sector of zeros can't be told from one that was lost.
        Arrays.fill(filled, (byte) (1 + flavour % 100));
        Bytes data = Bytes.wrap(filled);
        return switch (flavour % 5) {
            case 0, 1 ->
                    new Txn.Create(
                            CreateKind.CREATE,
                            Path.of("/n-" + Long.toHexString(zxid)),
                            data,
                            List.of(new Acl(Acl.ALL, "world", "anyone")),
                            false,
                            root == null ? 1 : root.created() + 1,
                            -1);
            case 2 -> new Txn.CreateSession(4000 + flavour);
            case 3 ->
                    replica.tree().find(first) == null
                            ? new Txn.Failure(-101)
                            : new Txn.SetData(first, data, flavour, false);
            default -> new Txn.Failure(-101);
        };
    }

    void force() throws IOException {
        assertEquals(lastZxid(), log.force());
        safe = history.size();
    }

    /** What could not be forced is still there for the next time. */
    void failToForce(boolean isFull) {
        if (!log.isPending()) {
            return;
        }
        if (isFull) {
            logs.failWrites(1);
        } else {
            logs.failForces(1);
        }
        try {
            log.force();
            throw new AssertionError("nothing failed");
        } catch (IOException e) {
            assertTrue(log.isPending(), e.toString());
        }
    }

    void roll() throws IOException {
        log.roll();
        safe = history.size();
    }

    /** A learner applies what was agreed though its own log may not be safe yet. */
    void snapshot() throws IOException {
        History.save(snapshots, replica);
        safe = history.size();
        agreed = history.size();
    }

    /** What the new leader does not have goes. */
    void truncate(int back) throws IOException {
        int keep = Math.max(agreed, history.size() - back);
        long zxid = keep == 0 ? 0 : history.get(keep - 1).zxid();
        safe = Math.min(safe, keep);
        log.truncate(zxid, new Snapshots(snapshots).discardBehind(zxid));
        keep(keep);
        safe = keep;
        nextEpoch();
    }

    private void keep(int count) {
        history = new ArrayList<>(history.subList(0, count));
        replica = replicaOf(history);
    }

    void nextEpoch() {
        again.clear();
        epoch++;
    }

    /** What a leader sends takes the place of all: it has some of this history, and more. */
    List<Proposal> sent(int back, int more) {
        int common = Math.max(agreed, history.size() - back);
        List<Proposal> own = history;
        Replica before = replica;
        keep(common);
        if (more > 0) {
            nextEpoch();
        }
        for (int i = 0; i < more; i++) {
            Proposal next = draw(i * 7);
            replica.apply(next);
            history.add(next);
        }
        List<Proposal> sent = history;
        history = own;
        replica = before;
        return sent;
    }

    void replace(List<Proposal> sent) throws IOException {
        Replica theirs = replicaOf(sent);
        History.save(snapshots, theirs);
        log.restartBehind(theirs.lastProcessedZxid());
        new Snapshots(snapshots).discardAllBut(theirs.lastProcessedZxid());
        become(sent);
        nextEpoch();
    }

    private void become(List<Proposal> all) {
        history = new ArrayList<>(all);
        replica = replicaOf(all);
        safe = all.size();
        agreed = all.size();
    }

    void purge() throws IOException {
        new Snapshots(snapshots).purge(logs, 3);
    }

    private static Replica replicaOf(List<Proposal> all) {
        Replica replica = Replica.fresh(true);
        all.forEach(replica::apply);
        return replica;
    }

    // ---- what happens to it

    /** The process ends; its files are as it left them. */
    void kill() throws IOException {
        restart(range(), List.of());
    }

    /**
     * The power goes.
     *
     * @param sent what was on its way to take the place of all, if anything was
     */
    void losePower(Leaves leaves, int seed, int least, List<Proposal> sent) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        MemoryDisk before = snapshots;
        snapshots = snapshots.afterPowerCut(leaves, random);
        logs = sameDirectory ? snapshots : logs.afterPowerCut(leaves, random, snapshots.sibling());
        assertTrue(before != snapshots);
        restart(new Range(Math.min(least, safe), history.size()), sent);
    }

    private void restart(Range range, List<Proposal> sent) throws IOException {
        Replica found = recovery(snapshots, logs).recovered().replica();
        long zxid = found.lastProcessedZxid();
        if (!sent.isEmpty() && sent.getLast().zxid() == zxid) {
            become(sent);
            nextEpoch();
        } else {
            int have = howMany(zxid, range);
            again.clear();
            again.addAll(history.subList(have, history.size()));
            keep(have);
            agreed = Math.min(agreed, have);
            safe = have;
        }
        assertIs(replica, found);
        assertIs(replica, recovery(snapshots, logs).recovered().replica());
        log = new TxnLog(logs, History.SMALL, lastZxid());
    }

    private int howMany(long zxid, Range range) {
        int have = 0;
        while (have < history.size() && history.get(have).zxid() <= zxid) {
            have++;
        }
        String told = Long.toHexString(zxid) + ", the first " + have + " and not " + range;
        assertTrue(have >= range.least() && have <= range.most(), told);
        assertEquals(have == 0 ? 0 : history.get(have - 1).zxid(), zxid, "what was never proposed");
        return have;
    }

    private static void assertIs(Replica expected, Replica found) {
        History.assertSame(History.picture(expected), History.picture(found));
    }

    private Recovery.Result recovery(MemoryDisk snapshotDisk, MemoryDisk logDisk)
            throws IOException {
        return new Recovery(
                        snapshotDisk,
                        logDisk,
                        new Recovery.Options(
                                History.SMALL,
                                sameDirectory,
                                true,
                                false,
                                SnapshotSettings.DEFAULT))
                .recover();
    }

    /** A bit has turned somewhere: that is told, or it changes nothing. */
    void flip(Flip flip) throws IOException {
        MemoryDisk bad = snapshots.copy();
        MemoryDisk badLogs = sameDirectory ? bad : logs.copy();
        List<String> names =
                Stream.concat(bad.list().stream(), badLogs.list().stream()).distinct().toList();
        String name = names.get(flip.file() % names.size());
        MemoryDisk holder = bad.exists(name) ? bad : badLogs;
        byte[] bytes = holder.bytes(name);
        if (bytes.length == 0) {
            return;
        }
        // Most of a log file is room for what is to come.
        int full = Math.max(1, usedOf(bytes));
        int at = (flip.place() % 8 == 0 ? bytes.length : full) * flip.place() / StorageStep.PLACES;
        bytes[Math.min(at, bytes.length - 1)] ^= (byte) (1 << flip.bit());
        holder.put(name, bytes);
        Replica found;
        try {
            found = recovery(bad, badLogs).recovered().replica();
        } catch (DamageException e) {
            assertTrue(NAMED.matcher(e.toString()).find(), e.toString());
            return;
        }
        int have = howMany(found.lastProcessedZxid(), range());
        assertIs(replicaOf(history.subList(0, have)), found);
    }

    private static int usedOf(byte[] bytes) {
        int used = bytes.length;
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }

    /** A leader reads its own log for a learner: what it tells is so. */
    void readBack(ReadBack read) throws IOException {
        long asked = read.place() >= history.size() ? lastZxid() : history.get(read.place()).zxid();
        asked = Math.max(0, asked + read.beside());
        try (PastLog past = new PastLog(snapshots, logs, History.SMALL, 1e9, read.portionBytes())) {
            long at = asked;
            for (int i = 0; i <= history.size(); i++) {
                PastLog.Portion portion = past.read(at, log.lastForced());
                if (portion.foundZxid() < 0) {
                    return;
                }
                assertFits(at, portion);
                if (portion.proposals().isEmpty()) {
                    return;
                }
                at = portion.proposals().getLast().zxid();
            }
            throw new AssertionError("it never ends");
        } catch (DamageException e) {
            assertTrue(e.toString().contains("snapshot"), e.toString());
        }
    }

    private void assertFits(long asked, PastLog.Portion portion) {
        int known = 0;
        while (known < history.size() && history.get(known).zxid() <= asked) {
            known++;
        }
        long expected = known == 0 ? 0 : history.get(known - 1).zxid();
        assertEquals(Long.toHexString(expected), Long.toHexString(portion.foundZxid()));
        List<Proposal> read = portion.proposals();
        assertEquals(history.subList(known, known + read.size()), read);
        assertTrue(read.isEmpty() || read.getLast().zxid() <= log.lastForced(), "not forced yet");
    }

    // ---- the power goes in the midst of a step

    /** How few may be left while a step is done, which goes wrong at any place. */
    int leastWhile(StorageStep step) {
        return switch (step) {
            case StorageStep.Truncate cut -> Math.max(agreed, history.size() - cut.back());
            case StorageStep.Replace replace -> Math.max(agreed, history.size() - replace.back());
            default -> safe;
        };
    }

    void cutPowerAfter(int changes) {
        snapshots.cutPowerAfter(changes);
    }

    @Override
    public String toString() {
        return history.size()
                + " proposals, "
                + safe
                + " safe, "
                + Arrays.toString(snapshots.list().toArray())
                + (sameDirectory ? "" : " " + logs.list());
    }
}
