package vivarium.properties.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.election.Notification;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;

/** A real peer, to which only happens what the schedule says. */
final class RigServer extends QuietEffects {
    private static final long WALL_MILLIS = 1_700_000_000_000L;

    private final Rig rig;
    final long sid;
    final RigDisk disk;
    private Peer peer;
    private long nowMillis = 1_000;
    private @Nullable Notification told;

    /** A replica on its way to a learner, of which the end has not been sent. */
    private final List<Message> pieces = new ArrayList<>();

    private long sendingZxid;

    /** What has made the replica that is being taken, if it was received. */
    private @Nullable Parcel arriving;

    private @Nullable String seen;

    RigServer(Rig rig, long sid, RigDisk disk) {
        this.rig = rig;
        this.sid = sid;
        this.disk = disk;
        this.peer = born();
    }

    private Peer born() {
        return new Peer(rig.settings(sid), disk.recover(), new SplittableRandom(sid), this);
    }

    /** How it is, as the specification has it; read off once after each of its steps. */
    String seen() {
        String known = seen;
        if (known == null) {
            known = Anatomy.of(this, rig.bounds);
            seen = known;
        }
        return known;
    }

    Peer peer() {
        return peer;
    }

    PhaseName phase() {
        return peer.sketch().phase();
    }

    boolean leads() {
        PhaseName phase = phase();
        return phase == PhaseName.LEADER_DISCOVERY
                || phase == PhaseName.LEADER_SYNCHRONIZATION
                || phase == PhaseName.LEADER_BROADCAST;
    }

    boolean learns() {
        return phase() != PhaseName.LOOKING && !leads();
    }

    /** Neither a cut nor a received replica is on its way to the disk. */
    boolean isSettled() {
        return disk.cut < 0 && !disk.installing;
    }

    void start() {
        step(new Input.WallClock(WALL_MILLIS));
    }

    void restart() {
        pieces.clear();
        peer = born();
        start();
    }

    void step(Input input) {
        seen = null;
        peer.step(nowMillis, input);
    }

    void receive(long from, Parcel parcel) {
        arriving = parcel;
        for (Message message : parcel.messages()) {
            step(new Input.Received(from, message));
        }
        arriving = null;
    }

    /** Time goes by until the phase's deadline is over. */
    void losePatience() {
        PhaseName before = phase();
        for (int i = 0; i < 3 && phase() == before; i++) {
            waitOnce();
        }
    }

    /** Time goes by until the next of its deadlines. */
    void waitOnce() {
        nowMillis = Math.max(nowMillis, peer.deadlineMillis());
        step(new Input.Tick());
    }

    /** What it has told others of its vote. */
    Notification told() {
        Notification last = told;
        if (last == null) {
            throw new AssertionError(sid + " looks for a leader and has not told anybody");
        }
        return last;
    }

    @Override
    public void notify(long to, Notification notification) {
        told = notification;
        rig.tell(sid, to, notification);
    }

    @Override
    public void append(Proposal proposal) {
        disk.log.add(new Entry(proposal));
    }

    @Override
    public void truncate(long zxid) {
        disk.cut = zxid;
    }

    @Override
    public void readLog(long afterZxid) {
        disk.reading.add(afterZxid);
    }

    @Override
    public void saveAcceptedEpoch(long epoch) {
        disk.tasks.add(new RigDisk.Task(true, epoch));
    }

    @Override
    public void saveCurrentEpoch(long epoch) {
        disk.tasks.add(new RigDisk.Task(false, epoch));
    }

    @Override
    public void beginSnapshot(SnapshotHead head) {
        Parcel from = arriving;
        if (head.replaces() && from != null) {
            disk.install(from.history(), head.zxid());
        }
    }

    @Override
    public void endSnapshot(SnapshotTail tail) {
        disk.writing = tail.zxid();
    }

    @Override
    public void disconnect(long other) {
        rig.close(sid, other);
    }

    @Override
    public void send(long to, Message message) {
        switch (message) {
            case Message.Snap snap -> {
                pieces.clear();
                sendingZxid = snap.zxid();
                rig.send(sid, to, Parcel.of(message));
            }
            case Message.SnapTail _ -> {
                pieces.add(message);
                long applied = peer.replica().lastProcessedZxid();
                List<Entry> history = disk.log.subList(0, disk.upTo(applied));
                rig.send(sid, to, Parcel.snapTail(sendingZxid, history, pieces));
            }
            case Message.SnapPart _ -> pieces.add(message);
            case Message.FromLearner _, Message.FromLeader _ ->
                    rig.send(sid, to, Parcel.of(message));
        }
    }
}
