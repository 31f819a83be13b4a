package vivarium.properties.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.CloseReason;
import vivarium.core.ContainerCheck;
import vivarium.core.Effects;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.tree.Acl;
import vivarium.core.tree.AclSchemes;
import vivarium.core.tree.Identity;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;

/**
 * A peer that is alone in a world played by hand: time stands until it is told to go on, and the
 * disk is done with nothing until it is told so. All effects are written down as lines.
 */
final class World implements Effects {
    static final List<Acl> OPEN = List.of(new Acl(Acl.ALL, "world", "anyone"));
    static final int TICK = 1_000;
    private static final long WALL = 1_700_000_000_000L;

    final List<String> lines = new ArrayList<>();
    final List<Proposal> log = new ArrayList<>();
    final List<Long> welcomed = new ArrayList<>();
    private final List<Input> owed = new ArrayList<>();
    private final Peer peer;
    long now = 5_000;

    /** The disk is done with nothing, even if it is told so. */
    boolean diskIsBusy;

    private boolean stepping;

    World() {
        this(Replica.fresh(true), Timing.ofTick(TICK), 100);
    }

    World(Replica replica, Timing timing, int maxOutstanding) {
        this(Ensemble.alone(1), replica, timing, maxOutstanding);
    }

    World(Ensemble ensemble, Replica replica, Timing timing, int maxOutstanding) {
        this(ensemble, new Recovered(replica, 0, 0, -1, 0), timing, maxOutstanding);
    }

    /** With what this disk holds. */
    World(Ensemble ensemble, Recovered recovered) {
        this(ensemble, recovered, Timing.ofTick(TICK), 100);
    }

    private World(Ensemble ensemble, Recovered recovered, Timing timing, int maxOutstanding) {
        this(settings(ensemble, timing, maxOutstanding, false), recovered);
    }

    private World(Settings settings, Recovered recovered) {
        peer = new Peer(settings, recovered, new SplittableRandom(7), this);
        step(new Input.WallClock(WALL - now));
        settle();
    }

    /** With an empty disk, and two other voters that are what a test makes of them. */
    static World oneOfThree() {
        Ensemble ensemble = new Ensemble(1, List.of(1L, 2L, 3L), List.of());
        return new World(ensemble, Replica.fresh(true), Timing.ofTick(TICK), 100);
    }

    /** That has been in the first epoch, with four other voters. */
    static World oneOfFive() {
        Ensemble ensemble = new Ensemble(1, List.of(1L, 2L, 3L, 4L, 5L), List.of());
        Recovered recovered = new Recovered(Replica.fresh(true), 1, 1, -1, 0);
        return new World(ensemble, recovered);
    }

    /** The same, and of a picture of the tree it sends and writes one znode at a time. */
    static World oneOfFiveInSmallPieces() {
        Ensemble ensemble = new Ensemble(1, List.of(1L, 2L, 3L, 4L, 5L), List.of());
        Settings usual = settings(ensemble, Timing.ofTick(TICK), 100, false);
        Recovered recovered = new Recovered(Replica.fresh(true), 1, 1, -1, 0);
        return new World(usual.with(Zxid.LAST_COUNTER, 1), recovered);
    }

    /** Alone, and its epochs have no more than so many transactions. */
    static World aloneWithEpochsOf(long lastCounter) {
        Settings settings = settings().with(lastCounter, Settings.FIRST_ZNODES);
        return new World(settings, new Recovered(Replica.fresh(true), 0, 0, -1, 0));
    }

    /** With this history, of three, none of whom it hears of; it lets clients read meanwhile. */
    static World onlyReading(Replica replica) {
        Ensemble ensemble = new Ensemble(1, List.of(1L, 2L, 3L), List.of());
        Settings settings = settings(ensemble, Timing.ofTick(TICK), 100, true);
        return new World(settings, new Recovered(replica, 1, 1, -1, 0));
    }

    /** Those of a server alone. */
    static Settings settings() {
        return settings(Ensemble.alone(1), Timing.ofTick(TICK), 100, false);
    }

    private static Settings settings(
            Ensemble ensemble, Timing timing, int maxOutstanding, boolean readOnlyMode) {
        return new Settings(
                ensemble,
                timing,
                true,
                false,
                true,
                50,
                maxOutstanding,
                500,
                ContainerCheck.every(60_000),
                true,
                false,
                readOnlyMode,
                Zxid.LAST_COUNTER,
                Settings.FIRST_ZNODES,
                Settings.BEHIND_BYTES,
                AclSchemes.NONE);
    }

    Peer peer() {
        return peer;
    }

    void step(Input input) {
        stepping = true;
        peer.step(now, input);
        stepping = false;
    }

    /** The disk is done with all that it was given, and with what came of that. */
    void settle() {
        while (!diskIsBusy && (!owed.isEmpty() || durable() < lastLogged())) {
            List<Input> due = List.copyOf(owed);
            owed.clear();
            due.forEach(this::step);
            force();
        }
    }

    /** The log is safe up to its end. */
    void force() {
        if (!log.isEmpty()) {
            forced = lastLogged();
            step(new Input.Durable(forced));
        }
    }

    private long forced;

    private long durable() {
        return forced;
    }

    private long lastLogged() {
        return log.isEmpty() ? 0 : log.getLast().zxid();
    }

    /** Time goes on by {@code millis}, with a tick whenever the peer wants one. */
    void pass(long millis) {
        long until = now + millis;
        while (peer.deadlineMillis() <= until) {
            now = Math.max(now, peer.deadlineMillis());
            step(new Input.Tick());
            settle();
        }
        now = until;
    }

    /** A client with a new session; the session's id. */
    long connect(long connection, int timeoutMillis) {
        List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
        step(new Input.Connect(connection, 0, true, timeoutMillis, 0, false, who));
        settle();
        return welcomed.getLast();
    }

    /** A client comes back for its session over another connection. */
    void reconnect(long connection, long session, boolean passwordRight) {
        List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
        step(new Input.Connect(connection, session, passwordRight, 10_000, 0, false, who));
    }

    void ask(long connection, int xid, Operation operation) {
        step(new Input.Request(connection, xid, operation));
    }

    static Operation.Create create(String path, int flags) {
        return new Operation.Create(
                Operation.CreateKind.CREATE, Path.of(path), Bytes.utf8("x"), OPEN, flags, -1);
    }

    static Operation.SetData set(String path, String data) {
        return new Operation.SetData(Path.of(path), Bytes.utf8(data), -1);
    }

    static Operation.GetData get(String path, boolean watch) {
        return new Operation.GetData(Path.of(path), watch);
    }

    /** The lines written since the last call. */
    List<String> newLines() {
        List<String> fresh = List.copyOf(lines);
        lines.clear();
        return fresh;
    }

    private void line(String text) {
        if (!stepping) {
            throw new AssertionError("an effect outside a step: " + text);
        }
        lines.add(text);
    }

    @Override
    public void append(Proposal proposal) {
        log.add(proposal);
        line("append " + proposal.txn().getClass().getSimpleName());
    }

    @Override
    public void truncate(long zxid) {
        line("truncate " + zxid);
    }

    @Override
    public void readLog(long afterZxid) {
        line("reads the log behind " + afterZxid);
    }

    @Override
    public void notify(long sid, Notification notification) {
        line("tells " + sid + " " + notification);
    }

    @Override
    public void connect(long sid) {
        line("connects to " + sid);
    }

    @Override
    public void disconnect(long sid) {
        line("disconnects from " + sid);
    }

    @Override
    public void send(long sid, Message message) {
        line("sends " + sid + " " + message);
    }

    @Override
    public void saveAcceptedEpoch(long epoch) {
        line("accepted epoch " + epoch);
        owed.add(new Input.AcceptedEpochSaved(epoch));
    }

    @Override
    public void saveCurrentEpoch(long epoch) {
        line("current epoch " + epoch);
        owed.add(new Input.CurrentEpochSaved(epoch));
    }

    @Override
    public void beginSnapshot(SnapshotHead head) {
        line("begin snapshot " + head.zxid());
    }

    @Override
    public void snapshotZnode(Path path, @Nullable Bytes data, long acl, StatPersisted stat) {
        line("snapshot " + path);
    }

    @Override
    public void endSnapshot(SnapshotTail tail) {
        line("end snapshot " + tail.zxid());
        owed.add(new Input.SnapshotSaved(tail.zxid()));
    }

    @Override
    public void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly) {
        welcomed.add(sessionId);
        line(connection + " welcome " + timeoutMillis);
    }

    @Override
    public void reject(long connection) {
        line(connection + " reject");
    }

    @Override
    public void reply(long connection, int xid, long zxid, Outcome outcome) {
        String text =
                switch (outcome) {
                    case Outcome.Failed failed -> failed.error().name();
                    case Outcome.Data data -> data.data() == null ? "null" : data.data().utf8();
                    case Outcome.Created created -> created.path().toString();
                    default -> outcome.getClass().getSimpleName();
                };
        line(connection + " reply " + xid + " " + text);
    }

    @Override
    public void notify(long connection, WatchEvent event) {
        line(connection + " event " + event.type() + " " + event.path());
    }

    @Override
    public void close(long connection, CloseReason reason) {
        line(connection + " close " + reason);
    }

    @Override
    public void overQuota(OverQuota excess) {
        line("over quota " + excess);
    }

    @Override
    public void throttle(long connection, boolean on) {
        line(connection + " throttle " + on);
    }

    @Override
    public void entered(PhaseName phase) {
        line("phase " + phase);
    }
}
