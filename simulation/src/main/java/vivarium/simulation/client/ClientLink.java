package vivarium.simulation.client;

import java.util.ArrayDeque;
import java.util.List;
import vivarium.core.Input;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Timeline;
import vivarium.simulation.server.Caller;
import vivarium.simulation.server.Mistake;
import vivarium.simulation.server.SimServer;

/** A connection between a client and a server: in order both ways, until it breaks. */
final class ClientLink implements Caller {
    private static final long SILENT_HANGUP_MICROS = 3_000_000;
    private static final long LATE_MICROS = 20_000;

    private final SimClient client;
    private final SimServer server;
    private final Timeline timeline;
    private final Chance chance;
    private final ClientTraits traits;
    private final Mistake mistake;
    private final ArrayDeque<Input.Request> held = new ArrayDeque<>();

    private long connection = -1;
    private boolean openAtServer;
    private boolean openAtClient = true;
    private boolean throttled;
    private long lastToServerMicros;
    private long lastToClientMicros;

    /** What arrives at the server later than this is lost. */
    private long cutMicros = Long.MAX_VALUE;

    ClientLink(SimClient client, SimServer server, SimClient.World world, Chance chance) {
        this.client = client;
        this.server = server;
        this.timeline = world.timeline();
        this.traits = world.traits();
        this.mistake = world.mistake();
        this.chance = chance;
    }

    private long delay() {
        return 1 + traits.leastMicros() + chance.around(traits.meanMicros());
    }

    private void toServer(Runnable action) {
        lastToServerMicros = Math.max(lastToServerMicros + 1, timeline.nowMicros() + delay());
        long at = lastToServerMicros;
        timeline.at(
                at,
                () -> {
                    if (at <= cutMicros) {
                        action.run();
                    }
                });
    }

    private void toClient(Runnable action) {
        lastToClientMicros = Math.max(lastToClientMicros + 1, timeline.nowMicros() + delay());
        timeline.at(
                lastToClientMicros,
                () -> {
                    if (openAtClient) {
                        action.run();
                    }
                });
    }

    // ---- what the client does

    void connect(long sessionId, int timeoutMillis, long lastZxidSeen) {
        toServer(() -> {
            if (!server.isUp()) {
                toClient(this::end);
                return;
            }
            openAtServer = true;
            connection = server.accept(this);
            server.offer(
                    new Input.Connect(
                            connection,
                            sessionId,
                            true,
                            timeoutMillis,
                            lastZxidSeen,
                            false,
                            List.of(new Identity("ip", "127.0.0.1"))));
        });
    }

    void request(int xid, Operation operation) {
        toServer(() -> {
            if (openAtServer) {
                held.add(new Input.Request(connection, xid, operation));
                passOn();
            }
        });
    }

    private void passOn() {
        while (!throttled && !held.isEmpty()) {
            server.offer(held.remove());
        }
    }

    /**
     * The connection breaks: the client knows it at once, the server some time later. What was on
     * its way to the client is lost, and the end of what was on its way to the server.
     */
    void breakNow() {
        openAtClient = false;
        long now = timeline.nowMicros();
        cutMicros = Math.min(cutMicros, now + chance.around(delay()));
        long noticed = chance.happens(0.7) ? delay() : chance.around(SILENT_HANGUP_MICROS);
        timeline.at(Math.max(cutMicros, now) + noticed, this::hangUp);
    }

    private void hangUp() {
        if (openAtServer) {
            openAtServer = false;
            server.hangUp(connection);
        }
    }

    private void end() {
        openAtClient = false;
        client.onClosed(this);
    }

    // ---- what the server does

    @Override
    public void welcome(long sessionId, int timeoutMillis) {
        toClient(() -> client.onWelcome(sessionId, timeoutMillis));
    }

    @Override
    public void reject() {
        openAtServer = false;
        toClient(() -> {
            openAtClient = false;
            client.onRejected();
        });
    }

    @Override
    public void reply(int xid, long zxid, Outcome outcome) {
        toClient(() -> client.onReply(xid, zxid, outcome));
    }

    @Override
    public void event(WatchEvent event) {
        if (mistake == Mistake.REPLIES_OVERTAKE_EVENTS) {
            timeline.after(
                    LATE_MICROS,
                    () -> {
                        if (openAtClient) {
                            client.onEvent(event);
                        }
                    });
        } else {
            toClient(() -> client.onEvent(event));
        }
    }

    @Override
    public void throttle(boolean on) {
        throttled = on;
        passOn();
    }

    @Override
    public void close() {
        openAtServer = false;
        toClient(this::end);
    }
}
