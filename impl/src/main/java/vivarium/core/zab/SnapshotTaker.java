package vivarium.core.zab;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vivarium.core.Effects;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.tree.Capture;

/**
 * Takes snapshots: whole pictures of the replica as it was at one zxid, handed to the disk at the
 * disk's pace while transactions go on.
 */
public final class SnapshotTaker {
    private final Settings settings;
    private final Effects effects;
    private final RandomGenerator random;

    /** The newest snapshot that is safe on disk, -1 for none. */
    private long savedZxid;

    private long takingZxid = -1;
    private long takingDigest;
    private @Nullable Capture capture;
    private int txnsSince;
    private int threshold;
    private boolean logIsLong;

    /** A replica that the leader sent, whose snapshot must be safe before anything else is. */
    private @Nullable Replica installing;

    SnapshotTaker(Settings settings, Effects effects, RandomGenerator random, Recovered recovered) {
        this.settings = settings;
        this.effects = effects;
        this.random = random;
        this.savedZxid = recovered.snapshotZxid();
        this.txnsSince = recovered.txnsSinceSnapshot();
        this.threshold = draw();
    }

    /** Servers take turns by chance: some number between half the count and all of it. */
    private int draw() {
        int half = Math.max(1, settings.snapCount() / 2);
        return half + random.nextInt(half);
    }

    /** The name of the newest snapshot that is safe on disk, -1 for none. */
    public long savedZxid() {
        return savedZxid;
    }

    /** Whether one is being taken. */
    public boolean isTaking() {
        return takingZxid >= 0;
    }

    /** Besides their number, the bytes of transactions call for a snapshot with the next one. */
    void onLogIsLong() {
        logIsLong = true;
    }

    /** One more transaction has been applied; a snapshot begins when there have been enough. */
    void onApplied(Replica replica) {
        txnsSince++;
        boolean due = txnsSince > threshold || logIsLong;
        if (due && !isTaking() && !replica.tree().isBeingCaptured()) {
            take(replica);
        }
    }

    /** Another replica takes the place of all that was here, and must be on disk at once. */
    void install(Replica replica) {
        abandon();
        installing = replica;
        take(replica);
    }

    /** Whether a replica that the leader sent is not safe on disk yet. */
    boolean isInstalling() {
        return installing != null;
    }

    /** The disk was read again: what was being taken is of no use. */
    void reloaded(Recovered recovered) {
        abandon();
        savedZxid = recovered.snapshotZxid();
        txnsSince = recovered.txnsSinceSnapshot();
    }

    /** No {@link #onSaved} comes for what was being taken. */
    private void abandon() {
        takingZxid = -1;
        if (capture != null) {
            capture.abandon();
            capture = null;
        }
    }

    /** Begins a snapshot of the replica as it is now. */
    void take(Replica replica) {
        takingZxid = replica.lastProcessedZxid();
        takingDigest = replica.digest();
        txnsSince = 0;
        logIsLong = false;
        threshold = draw();
        effects.beginSnapshot(
                new SnapshotHead(
                        takingZxid, installing != null, replica.sessions(), replica.tree().acls()));
        capture = replica.tree().capture(effects::snapshotZnode);
        onRoom(settings.firstZnodes());
    }

    /** The disk can take so many znodes more. */
    public void onRoom(int znodes) {
        Capture going = capture;
        if (going != null && going.advance(znodes)) {
            capture = null;
            effects.endSnapshot(new SnapshotTail(takingZxid, takingDigest));
        }
    }

    /** The snapshot is safe on disk. */
    public void onSaved(long zxid) {
        savedZxid = Math.max(savedZxid, zxid);
        if (zxid == takingZxid) {
            takingZxid = -1;
            installing = null;
        }
    }

    /** It could not be written; the log still has everything, and the next one will be tried. */
    public void onFailed() {
        abandon();
        Replica again = installing;
        if (again != null) {
            take(again);
        }
    }
}
