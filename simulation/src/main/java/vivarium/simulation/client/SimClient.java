package vivarium.simulation.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Zxid;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.simulation.Silence;
import vivarium.simulation.check.Endings;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Timeline;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.history.History;
import vivarium.simulation.history.Result;
import vivarium.simulation.server.Mistake;
import vivarium.simulation.server.SimServer;

/**
 * A client with one session at a time. It asks, waits, and checks what it is told against what it
 * was told before; when its connection breaks it goes to any server and carries on.
 */
public final class SimClient {
    private static final long RETRY_MICROS = 100_000;
    private static final int PING_XID = -2;
    private static final int AUTH_XID = -4;
    private static final int SET_WATCHES_XID = -8;
    private static final Operation PING = new Operation.Ping();

    private final long number;
    private final World world;
    private final Timeline timeline;
    private final Trace trace;
    private final Marks marks;
    private final Chance chance;
    private final Chance thinking;
    private final Chance breaking;
    private final Workload workload;

    private @Nullable ClientLink link;
    private boolean welcome;
    private boolean retired;
    private boolean gone;

    /** The connection breaks when the next request has been sent, perhaps within it. */
    private boolean breaksWhileAsking;

    private long sessionId;
    private int timeoutMillis;
    private int nextXid = 1;
    private long lastZxid;
    private long heardMicros;
    private long asked;
    private long home;
    private long done;
    private long ideas;
    private long links;
    private boolean resting;

    /** What it has asked in this session may still be under way at the server that it left. */
    private boolean lostRequests;

    private final ArrayDeque<Ask> waiting = new ArrayDeque<>();
    private int pings;

    /** Where a watch was left, and the newest state that was shown by then. */
    private final TreeMap<Path, Long> watched = new TreeMap<>();

    private final List<Promise> promises = new ArrayList<>();

    /**
     * An acknowledged write.
     *
     * @param zxid what the reply tells of its zxid, 0 where it tells nothing
     * @param ephemeral the znode that it made for the session, if it did
     */
    public record Promise(long sessionId, int xid, long zxid, @Nullable Path ephemeral) {}

    /** What a client needs of the world. */
    public record World(
            Timeline timeline,
            Trace trace,
            Marks marks,
            List<SimServer> servers,
            History history,
            ClientTraits traits,
            List<Silence> silences,
            Endings endings,
            Mistake mistake) {}

    public SimClient(long number, World world, long seed) {
        this.number = number;
        this.world = world;
        this.timeline = world.timeline();
        this.trace = world.trace();
        this.marks = world.marks();
        this.chance = Chance.of(seed, "client", number);
        this.thinking = chance.part("thinking", 0);
        this.breaking = chance.part("breaking", 0);
        this.workload = new Workload(world.traits(), chance.part("ideas", 0), number + 1);
        this.timeoutMillis = world.traits().timeoutMillis();
    }

    /** Begins. */
    public void start() {
        timeline.after(chance.around(RETRY_MICROS), this::connect);
        timeline.after(think(), this::ask);
        watchClock();
        planBreak();
    }

    /** Asks for nothing more; some go away without a word, and leave their sessions behind. */
    public void retire() {
        retired = true;
        if (chance.part("leaving", 0).happens(0.3)) {
            breakConnection();
            sessionId = 0;
            gone = true;
            marks.see("session left behind");
        }
    }

    /** It asks for nothing more, but stays. */
    public void rest() {
        resting = true;
    }

    /** How many ideas it had, those included that it kept to itself. */
    public long ideas() {
        return ideas;
    }

    /** How many operations have ended with an answer. */
    public long done() {
        return done;
    }

    /** The session that it has, or believes to have; 0 for none. */
    public long sessionId() {
        return sessionId;
    }

    /** Whether it waits for nothing. */
    public boolean isIdle() {
        return waiting.isEmpty();
    }

    /** All writes that were acknowledged to it. */
    public List<Promise> promises() {
        return List.copyOf(promises);
    }

    @Override
    public String toString() {
        return "client " + number;
    }

    private long think() {
        return 1 + thinking.around(world.traits().thinkMicros());
    }

    private void record(Trace.Kind kind, long a, long b) {
        trace.add(kind, -1 - number, a, b);
    }

    // ---- connections

    private void connect() {
        if (link != null || gone) {
            return;
        }
        SimServer server = chance.pick(world.servers());
        record(Trace.Kind.CLIENT, server.sid(), sessionId);
        asked = server.sid();
        ClientLink opened = new ClientLink(this, server, world, chance.part("link", links++));
        link = opened;
        welcome = false;
        heardMicros = timeline.nowMicros();
        opened.connect(sessionId, timeoutMillis, lastZxid);
    }

    /** Connections break by themselves. */
    private void planBreak() {
        if (world.traits().breakMicros() > 0) {
            timeline.after(
                    1 + breaking.around(world.traits().breakMicros()),
                    () -> {
                        if (!retired && breaking.happens(0.5)) {
                            breaksWhileAsking = true;
                            planBreak();
                        } else if (!retired) {
                            breakConnection();
                            planBreak();
                        }
                    });
        }
    }

    /** The connection breaks; nothing if there is none. */
    public void breakConnection() {
        breaksWhileAsking = false;
        ClientLink broken = link;
        if (broken != null) {
            broken.breakNow();
            lost();
        }
    }

    /** No server answers: another one is tried. A silent session is kept alive. */
    private void watchClock() {
        long limitMicros = timeoutMillis * 1_000L * 2 / 3;
        timeline.after(
                limitMicros / 4,
                () -> {
                    ClientLink open = link;
                    if (open != null && timeline.nowMicros() - heardMicros > limitMicros) {
                        breakConnection();
                    } else if (open != null && welcome && waiting.isEmpty() && pings == 0) {
                        pings++;
                        open.request(PING_XID, PING);
                        open.send();
                    }
                    watchClock();
                });
    }

    private void lost() {
        link = null;
        welcome = false;
        pings = 0;
        lostRequests |= !waiting.isEmpty();
        for (Ask ask : waiting) {
            forget(ask);
        }
        waiting.clear();
        timeline.after(1 + chance.around(RETRY_MICROS), this::connect);
    }

    /** Nobody will ever tell how it ended. */
    private void forget(Ask ask) {
        marks.see("reply lost");
        if (ask.call() != null) {
            world.history().lost(ask.call());
        } else if (ask.sequential()) {
            world.history().drawn(ask.calledAt(), 0, null);
        }
    }

    void onClosed(ClientLink closed) {
        if (link == closed) {
            lost();
        }
    }

    void onRejected() {
        marks.see("session expired");
        if (sessionId != 0 && !world.endings().isAgreed(sessionId)) {
            throw new Violation(
                    "NoSessionIsForgotten",
                    this + ": session 0x" + Long.toHexString(sessionId) + " has not ended");
        }
        sessionId = 0;
        watched.clear();
        lost();
    }

    void onWelcome(long newSessionId, int newTimeoutMillis) {
        if (sessionId != 0 && newSessionId != sessionId) {
            throw new Violation(
                    "SessionsStayThemselves",
                    this + ": asked for " + sessionId + " and was given " + newSessionId);
        }
        heardMicros = timeline.nowMicros();
        record(Trace.Kind.CLIENT, newSessionId, newTimeoutMillis);
        if (sessionId != 0 && asked != home) {
            marks.see("session moved");
            if (lostRequests) {
                marks.see("session moved with requests under way");
            }
        }
        lostRequests = false;
        home = asked;
        sessionId = newSessionId;
        timeoutMillis = newTimeoutMillis;
        welcome = true;
        ClientLink open = link;
        if (open != null) {
            // As all clients do, again on every connection, and before anything else.
            String identity = Secrets.identity(Secrets.circle(number + 1));
            open.auth(AUTH_XID, Secrets.SCHEME, identity);
            open.send();
        }
        if (open != null && !watched.isEmpty()) {
            marks.see("watches set again");
            List<Path> paths = new ArrayList<>(watched.keySet());
            Operation set =
                    new Operation.SetWatches(
                            lastZxid, paths, List.of(), List.of(), List.of(), List.of());
            waiting.add(new Ask(SET_WATCHES_XID, set, timeline.nowMicros(), null, null, false));
            open.request(SET_WATCHES_XID, set);
            open.send();
        }
    }

    // ---- asking

    private boolean isSilent(long idea) {
        for (Silence silence : world.silences()) {
            if (silence.client() == number && silence.first() <= idea && idea <= silence.last()) {
                return true;
            }
        }
        return false;
    }

    private void ask() {
        if (retired) {
            return;
        }
        ClientLink open = link;
        if (open != null && welcome && !resting && waiting.size() < world.traits().depth()) {
            List<Workload.Step> idea = workload.idea(ideas);
            if (isSilent(ideas++)) {
                timeline.after(think(), this::ask);
                return;
            }
            long now = timeline.nowMicros();
            for (Workload.Step step : idea) {
                int xid = nextXid++;
                Operation operation = step.operation();
                History.Call call = step.call(now, sessionId, xid);
                waiting.add(new Ask(xid, operation, now, call, step.path(), step.sequential()));
                if (trace.isKept()) {
                    trace.detail(operation.toString());
                }
                record(Trace.Kind.CALL, xid, sessionId);
                open.request(xid, operation);
            }
            open.send();
            if (breaksWhileAsking) {
                breakConnection();
            }
        }
        timeline.after(think(), this::ask);
    }

    /** What it has asked under this number, which must be the next to be answered. */
    Operation asked(int xid) {
        if (xid == PING_XID || xid == AUTH_XID) {
            return PING;
        }
        Ask ask = waiting.peek();
        if (ask == null || ask.xid() != xid) {
            throw new Violation(
                    "RepliesAreInOrder", this + " waits for " + ask + " and is answered " + xid);
        }
        return ask.operation();
    }

    void onReply(int xid, long zxid, Outcome outcome) {
        heardMicros = timeline.nowMicros();
        if (xid == AUTH_XID) {
            return;
        }
        if (zxid < lastZxid) {
            throw new Violation(
                    "ReadsNeverGoBack",
                    this + " has seen " + Zxid.text(lastZxid) + " and now " + Zxid.text(zxid));
        }
        long seenBefore = lastZxid;
        lastZxid = zxid;
        if (trace.isKept()) {
            trace.detail(outcome.toString());
        }
        record(Trace.Kind.RETURN, xid, zxid);
        if (xid == PING_XID) {
            pings--;
            return;
        }
        Ask ask = waiting.remove();
        done++;
        if (isAboutTheSession(outcome)) {
            marks.see("refused for the session");
            forget(ask);
        } else {
            checkOrder(ask, seenBefore, outcome);
            onAnswer(ask, zxid, outcome);
        }
    }

    /** What a client asks is done in the order in which it asks: no read sees a later write. */
    private void checkOrder(Ask ask, long seenBefore, Outcome outcome) {
        long own =
                switch (outcome) {
                    case Outcome.Created created when created.kind().repliesStat() ->
                            created.stat().czxid();
                    case Outcome.StatOf of when ask.operation() instanceof Operation.SetData ->
                            of.stat().mzxid();
                    default -> Long.MAX_VALUE;
                };
        if (own <= seenBefore) {
            throw new Violation(
                    "FifoClientOrder",
                    this
                            + " had seen "
                            + Zxid.text(seenBefore)
                            + " before its write "
                            + ask.xid()
                            + " at "
                            + Zxid.text(own));
        }
    }

    /** Such an outcome says nothing of the znode, and nothing was done. */
    private static boolean isAboutTheSession(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed ->
                    failed.error() == ErrorCode.SESSION_EXPIRED
                            || failed.error() == ErrorCode.SESSION_MOVED;
            case Outcome.MultiOutcome multi -> isAboutTheSession(multi.parts().getFirst());
            default -> false;
        };
    }

    private void onAnswer(Ask ask, long zxid, Outcome outcome) {
        long now = timeline.nowMicros();
        if (outcome instanceof Outcome.Failed failed && failed.error() == ErrorCode.NO_AUTH) {
            marks.see("access refused");
        }
        String fault = Secrets.fault(number + 1, ask.path(), outcome);
        if (fault != null) {
            throw new Violation("AccessListsAreKept", this + " " + fault);
        }
        if (ask.operation() instanceof Operation.GetData get) {
            checkWatch(get, outcome);
            if (get.watch() && outcome instanceof Outcome.Data) {
                watched.putIfAbsent(get.path(), zxid);
            }
        }
        if (ask.call() != null) {
            world.history().end(ask.call(), now, zxid, result(ask, outcome));
        } else if (ask.sequential() && outcome instanceof Outcome.Created created) {
            world.history().drawn(ask.calledAt(), now, number(created.path()));
        }
        promise(ask, outcome);
        if (ask.operation() instanceof Operation.CloseSession) {
            marks.see("session closed");
            sessionId = 0;
            watched.clear();
            breakConnection();
        }
    }

    private static long number(Path path) {
        String text = path.toString();
        return Long.parseLong(text.substring(text.lastIndexOf('-') + 1));
    }

    /** Whoever waits for an event must be told of it before it is shown what has changed. */
    private void checkWatch(Operation.GetData get, Outcome outcome) {
        Long since = watched.get(get.path());
        if (since == null) {
            return;
        }
        boolean changed =
                outcome instanceof Outcome.Data data
                        ? data.stat().mzxid() > since
                        : outcome instanceof Outcome.Failed;
        if (changed) {
            throw new Violation(
                    "EventBeforeChange",
                    this + " watches " + get.path() + " and is shown a change without an event");
        }
    }

    void onEvent(WatchEvent event) {
        heardMicros = timeline.nowMicros();
        record(Trace.Kind.CLIENT, event.zxid(), event.type().code());
        if (watched.remove(event.path()) == null) {
            throw new Violation("EventsAreAskedFor", this + " did not watch " + event.path());
        }
        marks.see("watch fired");
        if (event.zxid() != WatchEvent.UNKNOWN_ZXID && event.zxid() <= lastZxid) {
            throw new Violation(
                    "EventsInOrder",
                    this
                            + " has seen "
                            + Zxid.text(lastZxid)
                            + " and is told of an event at "
                            + Zxid.text(event.zxid()));
        }
    }

    private void promise(Ask ask, Outcome outcome) {
        if (outcome instanceof Outcome.Failed || !(ask.operation() instanceof Operation.Write)) {
            return;
        }
        Path ephemeral = null;
        long zxid = 0;
        switch (outcome) {
            case Outcome.Created created -> {
                zxid = created.stat().czxid();
                ephemeral = created.stat().ephemeralOwner() == 0 ? null : created.path();
            }
            case Outcome.StatOf of ->
                    zxid = ask.operation() instanceof Operation.SetData ? of.stat().mzxid() : 0;
            case Outcome.MultiOutcome multi -> {
                if (multi.parts().getFirst() instanceof Outcome.Failed) {
                    return;
                }
            }
            default -> {}
        }
        promises.add(new Promise(sessionId, ask.xid(), zxid, ephemeral));
    }

    /** What an outcome is in the words of the history. */
    private Result result(Ask ask, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed -> Result.refused(0, failed.error());
            case Outcome.Data data ->
                    Result.read(Workload.value(data.data()), version(data.stat()));
            case Outcome.StatOf of -> Result.set(version(of.stat()));
            case Outcome.MultiOutcome multi -> result(multi);
            case Outcome.Created _, Outcome.Done _ -> Result.DONE;
            default ->
                    throw new Violation(
                            "RepliesFitRequests", this + ": " + outcome + " to " + ask.operation());
        };
    }

    private static int version(Stat stat) {
        return stat.version();
    }

    private static Result result(Outcome.MultiOutcome multi) {
        for (int i = 0; i < multi.parts().size(); i++) {
            if (multi.parts().get(i) instanceof Outcome.Failed failed
                    && failed.error() != ErrorCode.OK) {
                return Result.refused(i, failed.error());
            }
        }
        return Result.DONE;
    }
}
