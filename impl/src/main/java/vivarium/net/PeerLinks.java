package vivarium.net;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import vivarium.wire.JuteWriter;

/**
 * What a server's connections with others have in common, whatever is said over them: the port, the
 * strangers who have come to it and not said yet who they are, refusals, and the end of a turn. All
 * but {@link #open} and {@link #stopAccepting} belongs to the loop's thread.
 */
abstract class PeerLinks {
    /** How many connections may be there whose other end has not said who it is. */
    private static final int MAX_STRANGERS = 64;

    final LoopThread thread;
    final PeerSettings settings;
    final Inlet inlet;
    final Dialer dialer;
    final Grumbles grumbles = new Grumbles("peers");
    final JuteWriter scratch;

    private final boolean election;
    private final WriteBufferWaterMark waterMarks;
    private final PeerPort port;
    private final byte[] scratchBytes;
    private final Set<PeerLink> strangers = new HashSet<>();
    private ArrayList<PeerLink> dirty = new ArrayList<>();
    private ArrayList<PeerLink> dirtySpare = new ArrayList<>();
    private boolean ended;

    /**
     * @param name what the port is for, for people
     * @param election whether it is the one for votes, of each member's two
     * @param waterMarks when a connection takes no more bytes, and when it does again
     * @param scratchBytes how much is read, or encoded, at a time
     */
    PeerLinks(
            LoopThread thread,
            PeerSettings settings,
            Inlet inlet,
            String name,
            boolean election,
            WriteBufferWaterMark waterMarks,
            int scratchBytes) {
        this.thread = thread;
        this.settings = settings;
        this.inlet = inlet;
        this.election = election;
        this.waterMarks = waterMarks;
        this.port = new PeerPort(thread, name, grumbles, inlet);
        this.dialer = new Dialer(thread, settings.connectMillis(), waterMarks);
        this.scratch = new JuteWriter(scratchBytes);
        this.scratchBytes = new byte[scratchBytes];
    }

    /**
     * Opens the port.
     *
     * @throws PortException if it can't be had
     */
    public void open() throws PortException {
        port.open(
                PeerPort.addresses(settings, election),
                settings.bindTries(),
                waterMarks,
                this::accept);
    }

    /** Takes no new connections from now on. Called by any thread. */
    public void stopAccepting() {
        port.close();
    }

    /** Sends what was gathered in this turn, one system call a link. */
    public void flush() {
        ArrayList<PeerLink> now = dirty;
        dirty = dirtySpare;
        dirtySpare = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).endTurn();
        }
        now.clear();
    }

    /** Ends all connections, and makes no more; the core hears nothing. */
    public void end() {
        ended = true;
        endAll();
        List.copyOf(strangers).forEach(PeerLink::drop);
        strangers.clear();
    }

    /** Ends those whose other end is known, and what is under way to become one. */
    abstract void endAll();

    final boolean isEnded() {
        return ended;
    }

    // ---- connections that others make

    /** Somebody has connected, and will say who it is. */
    abstract PeerLink linkOver(Channel channel);

    private void accept(Channel channel) {
        if (ended || strangers.size() >= MAX_STRANGERS) {
            LoopThread.close(channel);
            return;
        }
        PeerLink link = linkOver(channel);
        strangers.add(link);
        channel.pipeline().addLast(link);
        var _ =
                thread.schedule(
                        settings.greetingMillis(),
                        () -> {
                            if (strangers.contains(link)) {
                                refuse(link, "it has not said who it is in time");
                            }
                        });
    }

    /** It has said who it is. */
    final void onGreeted(PeerLink link) {
        strangers.remove(link);
    }

    // ---- what links tell

    /** A connection has ended. */
    final void onGone(PeerLink link) {
        strangers.remove(link);
        link.ended();
    }

    /** A connection that is of no use ends, and the log says why. */
    final void refuse(PeerLink link, String reason) {
        grumbles.say(inlet.nowMillis(), link.toString(), reason);
        link.drop();
        onGone(link);
    }

    final void fault(PeerLink link, Throwable cause) {
        grumbles.fault(inlet.nowMillis(), link.toString(), cause);
    }

    final void onDirty(PeerLink link) {
        dirty.add(link);
    }

    final byte[] scratchBytes() {
        return scratchBytes;
    }
}
