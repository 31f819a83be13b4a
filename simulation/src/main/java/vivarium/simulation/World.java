package vivarium.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Peer;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.tree.Path;
import vivarium.core.tree.Znode;
import vivarium.simulation.check.Invariants;
import vivarium.simulation.client.SimClient;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Timeline;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.history.History;
import vivarium.simulation.network.Network;
import vivarium.simulation.network.NetworkTraits;
import vivarium.simulation.server.Mistake;
import vivarium.simulation.server.SimServer;
import vivarium.simulation.server.Witness;
import vivarium.simulation.spec.Recording;
import vivarium.simulation.spec.Scribe;

/**
 * One run, in two acts. In the first, whatever the plan says goes wrong, and nothing may be done
 * that must not be. Then everything is mended, and the ensemble has to get on with its work within
 * a bound; and at last, when all is quiet, what is there must be what was promised.
 */
public final class World {
    private static final long SECOND = 1_000_000;
    private static final long START_SPREAD = SECOND / 5;

    /** How long it may take from the mending until every client gets answers again. */
    private static final long PROGRESS_MICROS = 180 * SECOND;

    /** After how long clients rest where what they ask may keep a learner away for ever. */
    private static final long REST_MICROS = 30 * SECOND;

    /** How long it may take until nobody waits for anything any more. */
    private static final long QUIET_MICROS = 120 * SECOND;

    /** How long a run that is only written down goes on after the mending. */
    private static final long TRACED_MICROS = 20 * SECOND;

    /** No run has as many events unless it runs in circles. */
    private static final long MOST_EVENTS = 20_000_000;

    private static final long LOOK_MICROS = SECOND / 10;

    private final Plan plan;
    private final Timeline timeline = new Timeline();
    private final Marks marks = new Marks();
    private final Trace trace;
    private final Network network;
    private final Invariants invariants;
    private final History history = new History();
    private final List<SimServer> servers = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();

    private World(Plan plan, int entries, Scribe scribe) {
        this.plan = plan;
        this.trace = new Trace(timeline, entries);
        this.network = new Network(timeline, trace, marks, plan.network(), scribe, plan.seed());
        Settings settings = plan.servers().getFirst().settings();
        this.invariants =
                new Invariants(settings.ensemble().voters(), settings.lastCounter(), marks);
        Witness witness =
                scribe.equals(Scribe.NONE) ? invariants : new Recording(invariants, scribe);
        SimServer.World around = new SimServer.World(timeline, trace, marks, network, witness);
        for (int i = 0; i < plan.servers().size(); i++) {
            SimServer server =
                    new SimServer(
                            i + 1,
                            plan.servers().get(i),
                            around,
                            plan.options().mistake(),
                            plan.seed());
            servers.add(server);
            network.join(server);
            invariants.join(server);
        }
        SimClient.World offered =
                new SimClient.World(
                        timeline,
                        trace,
                        marks,
                        servers,
                        history,
                        plan.clients(),
                        plan.silences(),
                        invariants.endings(),
                        plan.options().mistake());
        for (int i = 0; i < plan.options().clients(); i++) {
            clients.add(new SimClient(i, offered, plan.seed()));
        }
    }

    /**
     * Runs a plan from its beginning to its end.
     *
     * @param entries how many of the last things that happen are kept for people, 0 for none
     */
    public static Outcome run(Plan plan, int entries) {
        return run(plan, entries, Scribe.NONE);
    }

    /**
     * Runs a plan from its beginning to its end.
     *
     * @param entries how many of the last things that happen are kept for people, 0 for none
     * @param scribe who writes the run down in the words of the specification
     */
    public static Outcome run(Plan plan, int entries, Scribe scribe) {
        World world = new World(plan, entries, scribe);
        Violation violation = world.run();
        long operations = 0;
        for (SimClient client : world.clients) {
            operations += client.done();
        }
        return new Outcome(
                plan,
                violation,
                world.trace.hash(),
                world.timeline.done(),
                world.timeline.nowMicros(),
                operations,
                world.marks,
                world.clients.stream().map(SimClient::ideas).toList(),
                world.trace.entries());
    }

    /**
     * Runs a plan as long as a scribe writes, and no longer than a while after the mending. What
     * the clients were told is not judged.
     *
     * @return what was done that must not be, where the trace ends then; null for nothing
     */
    public static @Nullable Violation trace(Plan plan, Scribe scribe) {
        World world = new World(plan, 0, scribe);
        try {
            world.begin();
            world.proceed(plan.options().faultyMicros(), scribe);
            world.mend();
            world.proceed(plan.options().faultyMicros() + TRACED_MICROS, scribe);
            return null;
        } catch (Violation violation) {
            return violation;
        }
    }

    private void proceed(long untilMicros, Scribe scribe) {
        while (!scribe.isOver() && timeline.next(untilMicros)) {
            demandBounds();
        }
    }

    private @Nullable Violation run() {
        try {
            begin();
            proceed(plan.options().faultyMicros());
            mend();
            awaitProgress();
            awaitQuiet();
            judge();
            return null;
        } catch (Violation violation) {
            return violation;
        } catch (RuntimeException e) {
            return new Violation("NothingIsThrown", String.valueOf(e), e);
        }
    }

    private void begin() {
        Chance chance = Chance.of(plan.seed(), "start", 0);
        for (SimServer server : servers) {
            timeline.after(chance.around(START_SPREAD), server::start);
        }
        clients.forEach(SimClient::start);
        for (TimedFault fault : plan.faults()) {
            timeline.at(fault.micros(), () -> lay(fault));
        }
        Mistake mistake = plan.options().mistake();
        boolean hangs = mistake == Mistake.ENDLESS_EVENT || mistake == Mistake.ENDLESS_EVENTS;
        if (hangs && Chance.of(plan.seed(), "hang", 0).happens(0.25)) {
            timeline.after(SECOND, () -> hang(mistake));
        }
    }

    /** Only where a test has planted it. */
    private void hang(Mistake mistake) {
        while (mistake == Mistake.ENDLESS_EVENT) {
            network.heal();
        }
        timeline.after(0, () -> hang(mistake));
    }

    private void proceed(long untilMicros) {
        while (timeline.next(untilMicros)) {
            demandBounds();
        }
    }

    private void demandBounds() {
        if (timeline.done() > MOST_EVENTS) {
            throw new Violation("EventsAreBounded", timeline.done() + " events");
        }
    }

    private SimServer server(long sid) {
        return servers.get((int) sid - 1);
    }

    // ---- faults

    private void lay(TimedFault timed) {
        if (trace.isKept()) {
            trace.detail(timed.text());
        }
        Fault fault = timed.fault();
        trace.add(Trace.Kind.FAULT, 0, fault.numbers()[0], timed.micros());
        marks.see("fault " + fault.name());
        switch (fault) {
            case Fault.Crash crash -> {
                SimServer server = server(crash.sid());
                server.crash(crash.powerCut());
                timeline.after(crash.downMicros(), server::start);
            }
            case Fault.Pause pause -> server(pause.sid()).pause(pause.micros());
            case Fault.SlowDisk slow -> {
                SimServer server = server(slow.sid());
                server.diskFactor((double) slow.factor());
                timeline.after(slow.micros(), () -> server.diskFactor(1));
            }
            case Fault.FullDisk full -> {
                SimServer server = server(full.sid());
                server.disk().full(true);
                timeline.after(full.micros(), () -> server.disk().full(false));
            }
            case Fault.FailedForce failed -> server(failed.sid()).disk().failForces(1);
            case Fault.BitRot rot -> server(rot.sid()).disk().rot();
            case Fault.Block block -> network.block(block.from(), block.to(), block.micros());
            case Fault.Isolate isolate -> {
                for (SimServer other : servers) {
                    if (other.sid() != isolate.sid()) {
                        network.block(isolate.sid(), other.sid(), isolate.micros());
                        network.block(other.sid(), isolate.sid(), isolate.micros());
                    }
                }
            }
            case Fault.SlowLink slow ->
                    network.slow(slow.from(), slow.to(), (double) slow.factor());
            case Fault.Reset reset -> network.reset(reset.one(), reset.other());
            case Fault.ClockJump jump -> server(jump.sid()).jump(jump.millis());
            case Fault.LoseDisk lost -> {
                SimServer server = server(lost.sid());
                if (invariants.mayForget(server)) {
                    server.crash(true);
                    server.disk().wipe();
                    invariants.forgot(server);
                    timeline.after(lost.downMicros(), server::start);
                }
            }
        }
    }

    private void mend() {
        network.heal();
        NetworkTraits before = plan.network();
        network.become(
                new NetworkTraits(
                        before.leastMicros(),
                        before.meanMicros(),
                        0,
                        0,
                        before.lostMessages(),
                        before.lostBytes()));
        for (SimServer server : servers) {
            server.disk().full(false);
            server.disk().failForces(0);
            server.disk().putRight();
            server.diskFactor(1);
            server.start();
        }
    }

    // ---- the second act

    private void awaitProgress() {
        List<Long> before = clients.stream().map(SimClient::done).toList();
        long until = timeline.nowMicros() + PROGRESS_MICROS;
        long restAt = timeline.nowMicros() + REST_MICROS;
        while (!allServe() || !allHaveGoneOn(before)) {
            if (timeline.nowMicros() >= until) {
                throw new Violation("Progress", "after the mending: " + states());
            }
            if (timeline.nowMicros() >= restAt && isTight() && allHaveGoneOn(before)) {
                clients.forEach(SimClient::rest);
            }
            proceed(timeline.nowMicros() + LOOK_MICROS);
            advance();
        }
    }

    /**
     * Whether a learner may never be brought up for all that clients ask meanwhile: it is given up
     * for what waits behind its history, or the epoch is over before it has that.
     */
    private boolean isTight() {
        Settings settings = plan.servers().getFirst().settings();
        return settings.behindBytes() < Settings.BEHIND_BYTES
                || settings.lastCounter() < Zxid.LAST_COUNTER;
    }

    /** Time goes on even where there is no event. */
    private void advance() {
        timeline.after(LOOK_MICROS / 100, () -> {});
    }

    private boolean allServe() {
        for (SimServer server : servers) {
            Peer peer = server.peer();
            if (peer == null || !peer.status().phase().isServing()) {
                return false;
            }
        }
        return true;
    }

    private boolean allHaveGoneOn(List<Long> before) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).done() <= before.get(i)) {
                return false;
            }
        }
        return true;
    }

    private String states() {
        StringBuilder states = new StringBuilder();
        for (SimServer server : servers) {
            Peer peer = server.peer();
            states.append(server)
                    .append(' ')
                    .append(
                            peer == null
                                    ? "DOWN"
                                    : peer.status().phase()
                                            + " "
                                            + Zxid.text(peer.replica().lastProcessedZxid()))
                    .append("; ");
        }
        int waiting = 0;
        for (SimClient client : clients) {
            waiting += client.isIdle() ? 0 : 1;
        }
        return states.append(waiting).append(" clients wait").toString();
    }

    private void awaitQuiet() {
        clients.forEach(SimClient::retire);
        long until = timeline.nowMicros() + QUIET_MICROS;
        // Sessions whose clients have moved on may still expire: the state must be the same twice.
        long still = 0;
        long last = -1;
        int fewest = Integer.MAX_VALUE;
        while (still < 20) {
            // Where epochs are short, a leader can't remove many containers before the next.
            int left = invariants.lifetimes().leftOvers();
            if (left < fewest) {
                fewest = left;
                until = timeline.nowMicros() + QUIET_MICROS;
            }
            if (timeline.nowMicros() >= until) {
                Path container = invariants.lifetimes().leftOver();
                throw new Violation(
                        "Quiet",
                        "without new requests: "
                                + states()
                                + (container == null ? "" : "; nobody has removed " + container)
                                + (leftSession() == 0
                                        ? ""
                                        : "; nobody has ended session 0x"
                                                + Long.toHexString(leftSession())));
            }
            proceed(timeline.nowMicros() + LOOK_MICROS);
            advance();
            long zxid = commonZxid();
            boolean quiet =
                    zxid >= 0
                            && zxid == last
                            && clients.stream().allMatch(SimClient::isIdle)
                            && invariants.lifetimes().leftOver() == null
                            && leftSession() == 0;
            still = quiet ? still + 1 : 0;
            last = zxid;
        }
    }

    /** A session that no client has any more, and that should have ended by now; 0 for none. */
    private long leftSession() {
        Peer peer = servers.getFirst().peer();
        for (SnapshotHead.SessionEntry session :
                peer == null ? List.<SnapshotHead.SessionEntry>of() : peer.replica().sessions()) {
            if (clients.stream().noneMatch(client -> client.sessionId() == session.id())) {
                return session.id();
            }
        }
        return 0;
    }

    /** What all servers show, -1 if they differ or do not serve. */
    private long commonZxid() {
        long common = -1;
        for (SimServer server : servers) {
            Peer peer = server.peer();
            if (peer == null || !peer.status().phase().isServing()) {
                return -1;
            }
            long zxid = peer.replica().lastProcessedZxid();
            if (common >= 0 && zxid != common) {
                return -1;
            }
            common = zxid;
        }
        return common;
    }

    // ---- the verdict

    private void judge() {
        Replica first = null;
        for (SimServer server : servers) {
            Peer peer = server.peer();
            if (peer == null) {
                continue;
            }
            Replica replica = peer.replica();
            first = first == null ? replica : first;
            if (replica.digest() != first.digest()
                    || !replica.sessions().equals(first.sessions())) {
                throw new Violation("ReplicasAreEqual", server + " differs at the end");
            }
            checkEphemerals(server, replica);
        }
        if (first != null) {
            checkPromises(first);
        }
        String fault = history.fault(invariants::effectOf);
        if (fault != null) {
            throw new Violation("Linearizability", fault);
        }
    }

    private static void checkEphemerals(SimServer server, Replica replica) {
        for (long owner : replica.tree().ephemeralOwners()) {
            if (!replica.hasSession(owner)) {
                throw new Violation(
                        "EphemeralsGoWithTheirSession",
                        server + " has ephemerals of session 0x" + Long.toHexString(owner));
            }
        }
    }

    private void checkPromises(Replica replica) {
        for (SimClient client : clients) {
            for (SimClient.Promise promise : client.promises()) {
                long zxid = invariants.zxidOf(promise.sessionId(), promise.xid());
                boolean kept = zxid != Long.MAX_VALUE;
                if (!kept || (promise.zxid() != 0 && zxid != promise.zxid())) {
                    throw new Violation(
                            "NothingAcknowledgedIsLost",
                            client
                                    + " was promised its request "
                                    + promise.xid()
                                    + " at "
                                    + Zxid.text(promise.zxid())
                                    + (kept ? ", and it is at " + Zxid.text(zxid) : ""));
                }
                if (promise.ephemeral() != null) {
                    Znode znode = replica.tree().find(promise.ephemeral());
                    if ((znode != null) != replica.hasSession(promise.sessionId())) {
                        throw new Violation(
                                "EphemeralsLiveAsLongAsTheirSession",
                                promise.ephemeral() + " is " + (znode == null ? "gone" : "there"));
                    }
                }
            }
        }
    }
}
