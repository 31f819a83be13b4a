package vivarium.simulation.server;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Check;
import vivarium.core.CloseReason;
import vivarium.core.Effects;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Recovered;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;
import vivarium.simulation.disk.SimDisk;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Timeline;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.network.Endpoint;
import vivarium.simulation.network.Network;
import vivarium.simulation.network.Pipe;
import vivarium.storage.DamageException;
import vivarium.storage.Recovery;

/**
 * One server: a real peer on a real log over a simulated disk, driven as the loop of a shipped
 * server drives it. All that has come by the time of a turn is stepped with one {@code now}; what
 * the turn has brought goes to the disk and to the others at its end.
 */
public final class SimServer implements Effects, Endpoint {
    private static final long RESTART_MICROS = 1_000_000;
    private static final long LATE_MICROS = 20_000;

    private final long sid;
    private final ServerTraits traits;
    private final Timeline timeline;
    private final Trace trace;
    private final Marks marks;
    private final Network network;
    private final Witness witness;
    private final Mistake mistake;
    private final Chance chance;
    private final Chance steps;
    private final Chance forces;
    private final SimClock clock;
    private final SimDisk disk;

    /** Counts starts; what was planned in an earlier life does nothing. */
    private int life;

    private boolean up;

    /** It did not start, for the bits that had turned on its disk. */
    private boolean refused;

    private boolean stepping;
    private boolean turnPlanned;
    private long pausedUntilMicros;
    private double diskFactor = 1;
    private long wallOffsetMillis;
    private long alarmMillis = Long.MAX_VALUE;
    private @Nullable Peer peer;
    private @Nullable LogWorker log;
    private @Nullable SnapshotWorker snapshots;
    private final Mailbox mailbox = new Mailbox();
    private final Errands errands = new Errands();
    private final Doors doors = new Doors(this);

    /** What a server needs of the world. */
    public record World(
            Timeline timeline, Trace trace, Marks marks, Network network, Witness witness) {}

    public SimServer(long sid, ServerTraits traits, World world, Mistake mistake, long seed) {
        this.sid = sid;
        this.traits = traits;
        this.timeline = world.timeline();
        this.trace = world.trace();
        this.marks = world.marks();
        this.network = world.network();
        this.witness = world.witness();
        this.mistake = mistake;
        this.chance = Chance.of(seed, "server", sid);
        this.steps = chance.part("steps", 0);
        this.forces = chance.part("forces", 0);
        this.clock = new SimClock(traits.clockRate(), traits.skewMillis());
        this.disk = new SimDisk("disk" + sid, Chance.of(seed, "disk", sid));
        disk.forgetful(mistake == Mistake.FORCES_DO_NOTHING);
        disk.believesRot(mistake == Mistake.ROT_IS_BELIEVED);
    }

    @Override
    public long sid() {
        return sid;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    /** The peer, null while the process does not run; to be read between steps only. */
    public @Nullable Peer peer() {
        return peer;
    }

    /** The disk, on which faults can be laid. */
    public SimDisk disk() {
        return disk;
    }

    /** The newest zxid in the log that really was forced. */
    public long forcedZxid() {
        return log == null ? -1 : log.forcedZxid();
    }

    /** Whether it votes. */
    public boolean isVoter() {
        return traits.settings().ensemble().isVoter(sid);
    }

    boolean has(Mistake which) {
        return mistake == which;
    }

    Trace trace() {
        return trace;
    }

    Marks marks() {
        return marks;
    }

    ServerTraits traits() {
        return traits;
    }

    @Override
    public String toString() {
        return "server " + sid;
    }

    // ---- life and death

    /** Starts the process; nothing if it runs. */
    public void start() {
        if (up) {
            return;
        }
        life++;
        Recovery.Result result;
        try {
            result = LogWorker.recover(disk, traits, marks, mistake);
        } catch (DamageException e) {
            if (disk.hasRotted()) {
                marks.see("rot refused by name");
                refused = true;
                return;
            }
            throw new Violation("RecoverySucceeds", this + ": " + e.getMessage(), e);
        } catch (IOException _) {
            marks.see("start failed for the disk");
            later(RESTART_MICROS, this::start);
            return;
        }
        if (disk.hasRotted()) {
            marks.see("started in spite of rot");
        } else if (refused) {
            marks.see("rot put right");
        }
        refused = false;
        Recovered recovered = mistake.asSaid(result.recovered(), disk.isAnother());
        long last = recovered.replica().lastProcessedZxid();
        trace.add(Trace.Kind.START, sid, last, recovered.currentEpoch());
        up = true;
        log = new LogWorker(this, disk, last);
        snapshots = new SnapshotWorker(this, disk);
        alarmMillis = Long.MAX_VALUE;
        turnPlanned = false;
        pausedUntilMicros = 0;
        witness.recovered(this, recovered);
        Peer born =
                new Peer(
                        mistake.asTold(traits.settings()),
                        recovered,
                        chance.part("peer", life).generator(),
                        this);
        peer = born;
        long now = clock.monotonicMillis(timeline.nowMicros());
        wallOffsetMillis = clock.wallMillis(timeline.nowMicros()) - now;
        perform(born, now, new Input.WallClock(wallOffsetMillis));
        endTurn(born);
    }

    /**
     * Ends the process in the middle of whatever it does.
     *
     * @param powerCut whether the power of its host goes with it, and all that was not forced
     */
    public void crash(boolean powerCut) {
        if (!up) {
            return;
        }
        LogWorker dyingLog = log;
        SnapshotWorker dyingSnapshots = snapshots;
        disk.dieAfter(chance.between(0, 12));
        try {
            if (dyingSnapshots != null) {
                dyingSnapshots.die();
            }
            if (dyingLog != null) {
                dyingLog.die();
            }
        } catch (IOException _) {
            marks.see("death in the middle of a disk operation");
        }
        disk.processDied();
        if (powerCut) {
            disk.powerCut();
        }
        end(powerCut);
    }

    private void end(boolean silently) {
        trace.add(Trace.Kind.DOWN, sid, silently ? 1 : 0, life);
        life++;
        up = false;
        witness.ended(this);
        peer = null;
        log = null;
        snapshots = null;
        mailbox.clear();
        errands.take();
        network.down(sid, silently);
        doors.closeAll();
    }

    /** The disk has failed: what it holds can't be known, so the process ends itself. */
    void failed(IOException e) {
        marks.see("server stopped by its disk");
        trace.detail(String.valueOf(e.getMessage()));
        end(false);
        timeline.after(chance.around(RESTART_MICROS), this::start);
    }

    /** Does nothing for a while, as in a long collection of garbage. */
    public void pause(long micros) {
        pausedUntilMicros = Math.max(pausedUntilMicros, timeline.nowMicros() + micros);
    }

    /** Its disk takes this many times as long as usual. */
    public void diskFactor(double factor) {
        diskFactor = factor;
    }

    /** Its clock on the wall is set. */
    public void jump(long millis) {
        clock.jump(millis);
    }

    /** Runs {@code action} after {@code micros} if the process still lives then. */
    void later(long micros, Runnable action) {
        int planned = life;
        timeline.after(
                micros,
                () -> {
                    if (life == planned) {
                        action.run();
                    }
                });
    }

    /** Runs {@code action} when the disk has done something, and has forced it or not. */
    void afterDisk(boolean forced, Runnable action) {
        double micros = forced ? forces.around(traits.forceMicros()) : SnapshotWorker.WRITE_MICROS;
        later(1 + (long) (micros * diskFactor), action);
    }

    // ---- turns

    @Override
    public void offer(Input input) {
        if (up) {
            mailbox.add(input);
            planTurn();
        }
    }

    @Override
    public void forget(Input.LinkUp news) {
        mailbox.forgetLink(news);
    }

    private void planTurn() {
        if (!turnPlanned) {
            turnPlanned = true;
            long pause = pausedUntilMicros - timeline.nowMicros();
            later(Math.max(1 + steps.around(traits.stepMicros()), pause), this::turn);
        }
    }

    private void turn() {
        turnPlanned = false;
        if (timeline.nowMicros() < pausedUntilMicros) {
            planTurn();
            return;
        }
        Peer stepped = peer;
        if (stepped == null) {
            return;
        }
        long now = clock.monotonicMillis(timeline.nowMicros());
        long offset = clock.wallMillis(timeline.nowMicros()) - now;
        if (offset != wallOffsetMillis) {
            wallOffsetMillis = offset;
            perform(stepped, now, new Input.WallClock(offset));
        }
        // A step may take others out again: what comes over a link that it gives up.
        int left = mailbox.size();
        for (Input input = mailbox.poll(); input != null; ) {
            perform(stepped, now, input);
            input = --left > 0 ? mailbox.poll() : null;
        }
        if (stepped.deadlineMillis() <= now) {
            perform(stepped, now, new Input.Tick());
        }
        endTurn(stepped);
    }

    private void perform(Peer stepped, long now, Input input) {
        trace.detail(input);
        trace.add(Trace.Kind.STEP, sid, now, input instanceof Input.Tick ? 1 : 0);
        if (input instanceof Input.Durable(long zxid)) {
            witness.durable(this, zxid);
        } else if (input instanceof Input.LinkUp news) {
            network.heard(sid, news);
        }
        witness.stepping(this, stepped, now, input);
        stepping = true;
        try {
            stepped.step(now, mistake.asHeard(input));
        } catch (Check.Broken e) {
            throw new Violation(e.invariant(), this + ": " + e.getMessage() + " at " + input, e);
        } finally {
            stepping = false;
        }
        witness.stepped(this);
    }

    private void endTurn(Peer stepped) {
        List<DiskTask> tasks = errands.take();
        LogWorker writer = log;
        if (writer != null && !tasks.isEmpty()) {
            writer.submit(tasks);
        }
        if (snapshots != null) {
            snapshots.endTurn();
        }
        network.flush(sid);
        doors.flush();
        setAlarm(stepped);
    }

    private void setAlarm(Peer stepped) {
        long deadline = stepped.deadlineMillis();
        if (deadline < alarmMillis) {
            alarmMillis = deadline;
            long micros = clock.trueMicros(deadline) - timeline.nowMicros();
            later(Math.max(1, micros), () -> onAlarm(deadline));
        }
    }

    private void onAlarm(long deadline) {
        if (alarmMillis == deadline) {
            alarmMillis = Long.MAX_VALUE;
            planTurn();
        }
    }

    // ---- what the disk's workers have done

    void acceptedEpochSaved(long epoch) {
        witness.acceptedEpochSaved(this, epoch);
        offer(new Input.AcceptedEpochSaved(epoch));
    }

    void currentEpochSaved(long epoch) {
        witness.currentEpochSaved(this, epoch);
        offer(new Input.CurrentEpochSaved(epoch));
    }

    void reloaded(Recovered recovered) {
        marks.see("log cut behind a lost leader");
        witness.recovered(this, recovered);
        offer(new Input.Reloaded(recovered));
    }

    void replaced(long zxid, Runnable then) {
        LogWorker writer = log;
        if (writer != null) {
            writer.replaced(zxid, then);
        }
    }

    // ---- clients

    /**
     * A client's connection has been accepted.
     *
     * @param toClient the way to the client
     * @param tellClosed told at the client's end, behind all that was sent, that it is closed
     */
    public ClientDoor accept(Pipe toClient, Runnable tellClosed) {
        return doors.open(toClient, tellClosed);
    }

    /** The session of a client's connection, 0 while it has none. */
    public long sessionOf(long connection) {
        return doors.sessionOf(connection);
    }

    // ---- effects

    private void effect() {
        Check.that(stepping, "EffectsComeFromSteps");
    }

    @Override
    public void append(Proposal proposal) {
        effect();
        trace.add(Trace.Kind.APPEND, sid, proposal.zxid(), proposal.digest());
        witness.appended(this, proposal);
        if (mistake != Mistake.APPENDS_ARE_LOST || !chance.happens(0.01)) {
            errands.append(proposal);
        }
    }

    @Override
    public void truncate(long zxid) {
        effect();
        trace.add(Trace.Kind.TRUNCATE, sid, zxid, 0);
        witness.truncating(this, zxid);
        errands.add(new DiskTask.Truncate(zxid));
    }

    @Override
    public void readLog(long afterZxid) {
        effect();
        errands.add(new DiskTask.Read(afterZxid));
    }

    @Override
    public void notify(long to, Notification notification) {
        effect();
        trace.detail(notification);
        trace.add(Trace.Kind.VOTE, sid, to, notification.vote().leader());
        network.notify(sid, to, notification);
    }

    @Override
    public void connect(long to) {
        effect();
        trace.add(Trace.Kind.LINK, sid, to, 1);
        network.connect(sid, to);
    }

    @Override
    public void disconnect(long to) {
        effect();
        trace.add(Trace.Kind.LINK, sid, to, 0);
        network.disconnect(sid, to);
        mailbox.forgetLink(to);
    }

    @Override
    public void giveUp(long to, String reason) {
        witness.givingUp(this, to);
        disconnect(to);
    }

    @Override
    public void send(long to, Message message) {
        effect();
        trace.detail(message);
        trace.add(Trace.Kind.SEND, sid, to, 0);
        witness.sending(this, to, message);
        network.send(sid, to, message);
    }

    @Override
    public void saveAcceptedEpoch(long epoch) {
        effect();
        trace.add(Trace.Kind.EPOCH, sid, epoch, 0);
        errands.add(new DiskTask.SaveAcceptedEpoch(epoch));
    }

    @Override
    public void saveCurrentEpoch(long epoch) {
        effect();
        trace.add(Trace.Kind.EPOCH, sid, epoch, 1);
        errands.add(new DiskTask.SaveCurrentEpoch(epoch));
    }

    @Override
    public void beginSnapshot(SnapshotHead head) {
        effect();
        trace.add(Trace.Kind.SNAPSHOT, sid, head.zxid(), head.replaces() ? 1 : 0);
        witness.installing(this, head);
        errands.add(new DiskTask.Roll());
        if (snapshots != null) {
            snapshots.begin(head);
        }
    }

    @Override
    public void snapshotZnode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {
        effect();
        if (snapshots != null) {
            snapshots.znode(path, data, aclId, stat);
        }
    }

    @Override
    public void endSnapshot(SnapshotTail tail) {
        effect();
        if (snapshots != null) {
            snapshots.end(tail);
        }
    }

    @Override
    public void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly) {
        effect();
        doors.welcome(connection, sessionId, timeoutMillis, readOnly);
    }

    @Override
    public void reject(long connection) {
        effect();
        doors.reject(connection);
    }

    @Override
    public void reply(long connection, int xid, long zxid, Outcome outcome) {
        effect();
        trace.add(Trace.Kind.REPLY, sid, connection, (zxid << 16) + xid);
        witness.replying(this, connection, xid, zxid, outcome);
        doors.reply(connection, xid, zxid, outcome);
    }

    @Override
    public void notify(long connection, WatchEvent event) {
        effect();
        trace.add(Trace.Kind.EVENT, sid, connection, event.zxid());
        if (mistake == Mistake.REPLIES_OVERTAKE_EVENTS) {
            timeline.after(LATE_MICROS, () -> doors.lateEvent(connection, event));
        } else {
            doors.event(connection, event);
        }
    }

    @Override
    public void close(long connection, CloseReason reason) {
        effect();
        doors.close(connection);
    }

    @Override
    public void overQuota(OverQuota excess) {
        effect();
    }

    @Override
    public void throttle(long connection, boolean on) {
        effect();
        doors.throttle(connection, on);
    }

    @Override
    public void entered(PhaseName phase) {
        effect();
        Peer present = peer;
        long shown = present == null ? 0 : present.replica().lastProcessedZxid();
        trace.detail(phase.name() + " at " + Zxid.text(shown));
        trace.add(Trace.Kind.PHASE, sid, phase.name().hashCode(), 0);
        network.entered(sid, phase);
        witness.entered(this, phase);
    }
}
