package vivarium.simulation.client;

import org.jspecify.annotations.Nullable;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Timeline;
import vivarium.simulation.network.Pipe;
import vivarium.simulation.server.ClientDoor;
import vivarium.simulation.server.SimServer;
import vivarium.wire.JuteWriter;

/** A client's end of a connection to a server: in order both ways, as bytes, until it breaks. */
final class ClientLink implements ReplyFrames.Ear {
    private static final long SILENT_HANGUP_MICROS = 3_000_000;
    private static final int KEPT_BYTES = 4 << 10;

    private final SimClient client;
    private final SimServer server;
    private final Timeline timeline;
    private final Marks marks;
    private final Chance chance;
    private final ClientTraits traits;
    private final Pipe toServer;
    private final Pipe toClient;
    private final ReplyFrames replies = new ReplyFrames(this);
    private final JuteWriter out = new JuteWriter(64);

    private @Nullable ClientDoor door;
    private boolean open = true;

    ClientLink(SimClient client, SimServer server, SimClient.World world, Chance chance) {
        this.client = client;
        this.server = server;
        this.timeline = world.timeline();
        this.marks = world.marks();
        this.traits = world.traits();
        this.chance = chance;
        this.toServer = new Pipe(timeline, chance, this::arrival, this::arriveAtServer);
        this.toClient = new Pipe(timeline, chance, this::arrival, this::arriveAtClient);
    }

    private long delay() {
        return 1 + traits.leastMicros() + chance.around(traits.meanMicros());
    }

    private long arrival() {
        return timeline.nowMicros() + delay();
    }

    private void arriveAtServer(byte[] bytes, int offset, int length) {
        ClientDoor present = door;
        if (present != null) {
            present.take(bytes, offset, length);
        }
    }

    private void arriveAtClient(byte[] bytes, int offset, int length) {
        if (open) {
            replies.take(bytes, offset, length);
        }
    }

    // ---- what the client does

    void connect(long sessionId, int timeoutMillis, long lastZxidSeen) {
        toServer.then(() -> {
            if (server.isUp()) {
                door = server.accept(toClient, this::end);
            } else {
                toClient.then(this::end);
            }
        });
        RequestFrames.connect(out, lastZxidSeen, timeoutMillis, sessionId);
        send();
    }

    /** Asks for something; it leaves with {@link #send}. */
    void request(int xid, Operation operation) {
        RequestFrames.request(out, xid, operation);
    }

    /** Says who the client is; it leaves with {@link #send}. */
    void auth(int xid, String scheme, String proof) {
        RequestFrames.auth(out, xid, scheme, proof);
    }

    void send() {
        toServer.send(out.array(), out.length());
        out.reset(KEPT_BYTES);
    }

    /**
     * The connection breaks: the client knows it at once, the server some time later. What was on
     * its way to the client is lost, and the end of what was on its way to the server.
     */
    void breakNow() {
        open = false;
        if (replies.held() > 0) {
            marks.see("reply cut in its middle");
        }
        long now = timeline.nowMicros();
        long cut = now + chance.around(delay());
        toServer.cut(cut);
        long noticed = chance.happens(0.7) ? delay() : chance.around(SILENT_HANGUP_MICROS);
        timeline.at(cut + noticed, this::hangUp);
    }

    private void hangUp() {
        ClientDoor present = door;
        if (present != null) {
            present.hangUp();
        }
    }

    private void end() {
        if (open) {
            open = false;
            client.onClosed(this);
        }
    }

    // ---- what the server says

    @Override
    public boolean listens() {
        return open;
    }

    @Override
    public Operation asked(int xid) {
        return client.asked(xid);
    }

    @Override
    public void onConnected(long sessionId, int timeoutMillis) {
        if (timeoutMillis > 0) {
            client.onWelcome(sessionId, timeoutMillis);
        } else {
            open = false;
            client.onRejected();
        }
    }

    @Override
    public void onReply(int xid, long zxid, Outcome outcome) {
        client.onReply(xid, zxid, outcome);
    }

    @Override
    public void onEvent(WatchEvent event) {
        client.onEvent(event);
    }
}
