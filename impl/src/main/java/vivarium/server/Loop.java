package vivarium.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Bytes;
import vivarium.core.Check;
import vivarium.core.CloseReason;
import vivarium.core.Effects;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.Status;
import vivarium.core.election.Notification;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;
import vivarium.measures.LoopMeasures;
import vivarium.net.ClientPort;
import vivarium.net.Inlet;
import vivarium.net.LoopThread;
import vivarium.net.PeerSettings;

/**
 * Drives the peer: every input goes through {@link #step}, every effect comes out of here.
 *
 * <p>Time goes in turns. A turn begins with the first input after a pause and ends when all that
 * has come from the sockets and the disk by then has been stepped; within it there is one {@code
 * now}. At its end the gathered proposals go to the disk together, and each connection's replies go
 * to its socket together. All of it on one thread, so nothing here is locked.
 */
final class Loop implements Effects, Inlet {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private static final long LATE_MILLIS = 10;

    /** On a machine that is always late, time must go on all the same. */
    private static final int MOST_POSTPONED = 5;

    private final LoopThread thread;
    private final Clock clock;
    private final Consumer<Throwable> onFailure;
    private final CompletableFuture<Status> serving = new CompletableFuture<>();

    private @Nullable Peer peer;
    private @Nullable LogThread log;
    private @Nullable SnapshotThread snapshots;
    private @Nullable ClientPort port;
    private @Nullable Recorder recorder;
    private @Nullable AuditLog audit;
    private final LoopMeasures measures = new LoopMeasures();

    /** The other servers; null where there are none. */
    private final @Nullable Peers peers;

    private final OverQuotas overQuotas = new OverQuotas();

    private boolean inTurn;
    private boolean stepping;
    private boolean ended;
    private long nowMillis;
    private long wallOffsetMillis;
    private List<LogTask> tasks = new ArrayList<>();
    private List<Proposal> batch = new ArrayList<>();

    /** How many requests had come when a turn last had something for the log. */
    private long requestsBefore;

    /** Behind which zxid the log is to be cut at the end of this turn, -1 for not. */
    private long cutZxid = -1;

    private LoopThread.@Nullable Alarm alarm;
    private long alarmMillis = Long.MAX_VALUE;
    private int postponed;
    private @Nullable Runnable whenIdle;

    /**
     * @param peers how the other servers are reached; null for a server alone
     * @param onFailure takes what makes it impossible to go on; called once, by this thread
     */
    Loop(
            LoopThread thread,
            Clock clock,
            @Nullable PeerSettings peers,
            Consumer<Throwable> onFailure) {
        this.thread = thread;
        this.clock = clock;
        this.onFailure = onFailure;
        this.peers = peers == null ? null : new Peers(thread, peers, this);
    }

    /** The ports and connections between the servers; null for a server alone. */
    @Nullable Peers peers() {
        return peers;
    }

    /**
     * Begins to step {@code newPeer}. On the loop's thread, once.
     *
     * @return completes when the peer serves clients
     */
    CompletableFuture<Status> begin(
            Peer newPeer,
            LogThread newLog,
            SnapshotThread newSnapshots,
            ClientPort newPort,
            @Nullable Recorder newRecorder,
            @Nullable AuditLog newAudit) {
        this.audit = newAudit;
        this.recorder = newRecorder;
        this.log = newLog;
        this.snapshots = newSnapshots;
        this.port = newPort;
        this.wallOffsetMillis = clock.wallMillis() - clock.monotonicMillis();
        this.peer = newPeer;
        step(new Input.WallClock(wallOffsetMillis));
        return serving;
    }

    /** How the peer is, null before it has begun; on the loop's thread. */
    @Nullable Peer peer() {
        return peer;
    }

    /** What is counted of its steps; on the loop's thread. */
    LoopMeasures measures() {
        return measures;
    }

    /** Runs {@code task} once no request waits for its reply; on the loop's thread. */
    void whenIdle(Runnable task) {
        whenIdle = task;
        beginTurn();
    }

    /** Takes no more inputs; on the loop's thread. */
    void end() {
        ended = true;
        cancelAlarm();
        Recorder recording = recorder;
        recorder = null;
        if (recording != null) {
            recording.end(peer);
        }
    }

    // ---- turns

    @Override
    public long nowMillis() {
        beginTurn();
        return nowMillis;
    }

    @Override
    public void step(Input input) {
        Peer stepped = peer;
        if (ended || stepped == null) {
            return;
        }
        beginTurn();
        perform(stepped, input);
    }

    private void perform(Peer stepped, Input input) {
        if (stepping) {
            fail(Check.broken("EffectsDoNotCallBack", String.valueOf(input)));
            return;
        }
        stepping = true;
        Recorder recording = recorder;
        if (input instanceof Input.Durable durable) {
            measures.forced(durable.zxid(), nowMillis);
        } else if (input instanceof Input.Received received) {
            measures.received(received.message());
        }
        try {
            if (recording != null) {
                recording.step(nowMillis, input);
            }
            stepped.step(nowMillis, input);
            if (recording != null) {
                recording.stepped(stepped);
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            stepping = false;
        }
    }

    /** What is broken once is never stepped again; what has been said until now stays said. */
    private void fail(Throwable cause) {
        if (!ended) {
            end();
            onFailure.accept(cause);
        }
    }

    private void beginTurn() {
        if (inTurn) {
            return;
        }
        inTurn = true;
        nowMillis = clock.monotonicMillis();
        // Behind all that the sockets have already brought: their events are handled before tasks.
        if (!thread.offer(this::endTurn)) {
            ended = true;
            return;
        }
        Peer stepped = peer;
        long offset = clock.wallMillis() - nowMillis;
        if (stepped != null && offset != wallOffsetMillis && !ended) {
            wallOffsetMillis = offset;
            perform(stepped, new Input.WallClock(offset));
        }
    }

    private void endTurn() {
        inTurn = false;
        if (ended) {
            return;
        }
        try {
            handOver();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void handOver() {
        Proposal alone = alone();
        if (alone == null) {
            submit();
        }
        SnapshotThread writer = snapshots;
        if (writer != null) {
            writer.endTurn();
            cut(writer);
        }
        Peer stepped = peer;
        if (peers != null) {
            peers.links().pace(stepped != null && stepped.heldMessages() > 0);
            peers.flush();
        }
        ClientPort flushed = port;
        if (flushed != null) {
            flushed.flush();
        }
        setAlarm();
        reckon();
        if (alone != null) {
            forceHere(alone);
        }
        Runnable idle = whenIdle;
        if (idle != null && (flushed == null || flushed.isIdle())) {
            whenIdle = null;
            idle.run();
        }
    }

    /** What this turn has applied is measured, and audited where anybody asks for it. */
    private void reckon() {
        Peer stepped = peer;
        if (stepped == null) {
            return;
        }
        long zxid = stepped.replica().lastProcessedZxid();
        measures.applied(zxid, nowMillis);
        AuditLog auditing = audit;
        if (auditing != null) {
            auditing.applied(zxid);
        }
    }

    /**
     * The one proposal of this turn, if nothing but it is going on here: nobody is kept waiting
     * then while this thread waits for the disk. Others have been sent it by that time.
     */
    private @Nullable Proposal alone() {
        ClientPort counting = port;
        if (batch.isEmpty() || counting == null) {
            return null;
        }
        long requests = counting.traffic().received();
        boolean quiet = requests - requestsBefore <= 1;
        requestsBefore = requests;
        return quiet && batch.size() == 1 && tasks.isEmpty() && cutZxid < 0
                ? batch.getFirst()
                : null;
    }

    private void forceHere(Proposal proposal) {
        if (present(log).performHere(proposal)) {
            batch.clear();
        } else {
            submit();
        }
    }

    private void submit() {
        closeBatch();
        LogThread writer = log;
        if (writer != null && !tasks.isEmpty()) {
            writer.submit(tasks);
            tasks = new ArrayList<>();
        }
    }

    /** No snapshot of what is cut may come to be on the disk after the cut. */
    private void cut(SnapshotThread writer) {
        long zxid = cutZxid;
        if (zxid >= 0) {
            cutZxid = -1;
            LogThread cutting = present(log);
            writer.abandon(() -> cutting.submit(List.of(new LogTask.Truncate(zxid))));
        }
    }

    private void closeBatch() {
        if (!batch.isEmpty()) {
            tasks.add(new LogTask.Append(batch));
            batch = new ArrayList<>(batch.size());
        }
    }

    /** A tick is owed at the deadline; an alarm that is too early sets itself again. */
    private void setAlarm() {
        Peer stepped = peer;
        long deadlineMillis = stepped == null ? Long.MAX_VALUE : stepped.deadlineMillis();
        if (deadlineMillis < alarmMillis) {
            cancelAlarm();
            alarmMillis = deadlineMillis;
            long delayMillis = Math.max(0, deadlineMillis - clock.monotonicMillis());
            alarm = thread.schedule(delayMillis, this::onAlarm);
        }
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        alarmMillis = Long.MAX_VALUE;
    }

    /**
     * A late alarm means that this thread did not run for a while, so there may be pings in the
     * sockets that came in time. They are heard before anybody is told that time is up.
     */
    private void onAlarm() {
        alarm = null;
        long lateMillis = clock.monotonicMillis() - alarmMillis;
        if (lateMillis > LATE_MILLIS && postponed < MOST_POSTPONED) {
            postponed++;
            alarmMillis += lateMillis + 1;
            alarm = thread.schedule(1, this::onAlarm);
            return;
        }
        postponed = 0;
        alarmMillis = Long.MAX_VALUE;
        beginTurn();
        Peer stepped = peer;
        if (stepped != null && !ended && stepped.deadlineMillis() <= nowMillis) {
            step(new Input.Tick());
        }
    }

    // ---- effects

    private void effect() {
        Check.that(stepping, "EffectsComeFromSteps");
    }

    private static <T> T present(@Nullable T part) {
        if (part == null) {
            throw Check.broken("LoopHasBegun", "an effect before the first step");
        }
        return part;
    }

    @Override
    public void entered(PhaseName phase) {
        effect();
        measures.entered(phase, nowMillis);
        if (peers != null) {
            LOG.info("server {}: {}", peers.sid(), phase);
            peers.entered(phase);
        }
        present(port).entered(phase);
        if (phase.isServing()) {
            // The phase is not quite entered yet: whoever waits hears of it at the end of the turn.
            thread.execute(() -> serving.complete(present(peer).status()));
        }
    }

    @Override
    public void append(Proposal proposal) {
        effect();
        batch.add(proposal);
        measures.appended(proposal, nowMillis);
        if (audit != null) {
            audit.appended(proposal);
        }
    }

    @Override
    public void truncate(long zxid) {
        effect();
        Check.that(cutZxid < 0, "OneCutAtATime");
        cutZxid = zxid;
        measures.truncated();
        if (audit != null) {
            audit.truncated(zxid);
        }
    }

    @Override
    public void saveAcceptedEpoch(long epoch) {
        effect();
        closeBatch();
        tasks.add(new LogTask.SaveAcceptedEpoch(epoch));
    }

    @Override
    public void saveCurrentEpoch(long epoch) {
        effect();
        closeBatch();
        tasks.add(new LogTask.SaveCurrentEpoch(epoch));
    }

    @Override
    public void readLog(long afterZxid) {
        effect();
        closeBatch();
        tasks.add(new LogTask.Read(afterZxid));
    }

    private Peers others() {
        effect();
        return present(peers);
    }

    @Override
    public void notify(long sid, Notification notification) {
        others().elections().tell(sid, notification);
    }

    @Override
    public void connect(long sid) {
        others().links().connect(sid);
    }

    @Override
    public void disconnect(long sid) {
        others().links().disconnect(sid);
    }

    @Override
    public void giveUp(long sid, String reason) {
        others().links().giveUp(sid, reason);
    }

    @Override
    public void send(long sid, Message message) {
        measures.sent(message);
        others().links().send(sid, message);
    }

    @Override
    public void beginSnapshot(SnapshotHead head) {
        effect();
        closeBatch();
        tasks.add(new LogTask.Roll());
        present(snapshots).begin(head);
    }

    @Override
    public void snapshotZnode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {
        effect();
        present(snapshots).znode(path, data, aclId, stat);
    }

    @Override
    public void endSnapshot(SnapshotTail tail) {
        effect();
        present(snapshots).end(tail);
    }

    @Override
    public void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly) {
        effect();
        present(port).welcome(connection, sessionId, timeoutMillis, readOnly);
    }

    @Override
    public void reject(long connection) {
        effect();
        present(port).reject(connection);
    }

    @Override
    public void reply(long connection, int xid, long zxid, Outcome outcome) {
        effect();
        present(port).reply(connection, xid, zxid, outcome);
    }

    @Override
    public void notify(long connection, WatchEvent event) {
        effect();
        measures.told(event);
        present(port).event(connection, event);
    }

    @Override
    public void close(long connection, CloseReason reason) {
        effect();
        measures.closed(reason);
        present(port).close(connection, reason);
    }

    @Override
    public void overQuota(OverQuota excess) {
        effect();
        overQuotas.say(nowMillis, excess);
    }

    @Override
    public void throttle(long connection, boolean on) {
        effect();
        present(port).throttle(connection, on);
    }
}
