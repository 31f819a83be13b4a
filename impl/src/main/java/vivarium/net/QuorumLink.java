package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import vivarium.core.zab.Message;
import vivarium.core.zab.MessageSize;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.QuorumReader;

/**
 * One connection between a leader and a learner. While the other end reads, messages are encoded at
 * once into one buffer that leaves at the end of the turn. While it does not, they wait as records,
 * which share their data with the tree; so a snapshot is never in memory as bytes but for what the
 * socket has not taken yet.
 */
final class QuorumLink extends PeerLink {
    /** A turn's buffer of this size leaves before the turn ends. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int KEPT_SCRATCH_BYTES = 1 << 20;

    private final QuorumLinks links;
    private final QuorumReader reader;
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private @Nullable ByteBuf buffer;
    private long heardMillis;

    /** How much has come since the core last held nothing back, and whether that was too much. */
    private long heldBytes;

    private boolean paused;

    /**
     * Whether a history is being sent, from a snapshot or from the log, and whether the core has
     * been told of room for it.
     */
    private boolean sendingHistory;

    private boolean roomGiven;

    /** Whether the learner at the other end has been told that it is up to date. */
    private boolean synced;

    /** A connection that a learner has made, and has to say who it is. */
    static QuorumLink accepted(QuorumLinks links, Channel channel, int maxFieldBytes) {
        return new QuorumLink(links, channel, NOBODY, QuorumReader.ofLearner(maxFieldBytes));
    }

    /** A connection that this server has made, as a learner of {@code sid}. */
    static QuorumLink made(QuorumLinks links, Channel channel, long sid, int maxFieldBytes) {
        return new QuorumLink(links, channel, sid, QuorumReader.ofLeader(maxFieldBytes));
    }

    private QuorumLink(QuorumLinks links, Channel channel, long sid, QuorumReader reader) {
        super(links, channel, sid);
        this.links = links;
        this.reader = reader;
    }

    QuorumReader reader() {
        return reader;
    }

    boolean isSynced() {
        return synced;
    }

    /** When something came last. */
    long heardMillis() {
        return heardMillis;
    }

    /** Reads on, or not. */
    void read(boolean on) {
        channel().config().setAutoRead(on);
    }

    /**
     * The other end is let wait while the core holds back more of what it said than may be held.
     *
     * @param holds whether the core holds anything back
     */
    void pace(boolean holds) {
        if (!holds) {
            heldBytes = 0;
        }
        boolean tooMuch = heldBytes > links.budgetBytes();
        if (tooMuch != paused) {
            paused = tooMuch;
            read(!tooMuch);
        }
    }

    // ---- out

    /** Sends behind all that was sent before; with {@link #flush}, or before. */
    void send(Message message) {
        if (isDropped()) {
            return;
        }
        if (message instanceof Message.Diff
                || message instanceof Message.Trunc
                || message instanceof Message.SnapHead) {
            sendingHistory = true;
        } else if (message instanceof Message.NewLeader) {
            sendingHistory = false;
        } else if (message instanceof Message.UpToDate) {
            synced = true;
        }
        if (waiting.isEmpty() && channel().isWritable()) {
            encode(message);
        } else {
            waiting.add(message);
            waitingBytes += MessageSize.bytes(message);
        }
        touch();
    }

    private void encode(Message message) {
        JuteWriter scratch = links.scratch;
        links.codec().write(scratch, message);
        ByteBuf target = buffer;
        if (target == null) {
            target = channel().alloc().ioBuffer(Math.max(256, scratch.length()));
            buffer = target;
        }
        target.writeBytes(scratch.array(), 0, scratch.length());
        scratch.reset(KEPT_SCRATCH_BYTES);
        if (target.readableBytes() >= BUFFER_BYTES) {
            sendBuffer(target);
        }
    }

    private void sendBuffer(ByteBuf target) {
        buffer = null;
        var _ = channel().writeAndFlush(target, channel().voidPromise());
    }

    @Override
    void flush() {
        while (!isDropped() && !waiting.isEmpty() && channel().isWritable()) {
            Message next = waiting.remove();
            waitingBytes -= MessageSize.bytes(next);
            encode(next);
        }
        ByteBuf target = buffer;
        if (target != null && !isDropped()) {
            sendBuffer(target);
        }
        if (sendingHistory
                && !roomGiven
                && !isDropped()
                && waiting.isEmpty()
                && channel().isWritable()) {
            roomGiven = true;
            links.giveRoom(this);
        }
    }

    /** The core is told of room for a history now; whether it still has one to send. */
    boolean takeRoom() {
        roomGiven = false;
        return sendingHistory && !isDropped();
    }

    @Override
    void endTurn() {
        super.endTurn();
        if (waitingBytes > links.budgetBytes()) {
            links.refuse(this, "it does not read, and " + waitingBytes + " bytes wait for it");
        }
    }

    @Override
    void release() {
        waiting.clear();
        waitingBytes = 0;
        ByteBuf unsent = buffer;
        buffer = null;
        if (unsent != null) {
            unsent.release();
        }
    }

    // ---- in

    @Override
    void take(byte[] bytes, int length) throws MalformedException {
        heardMillis = links.inlet.nowMillis();
        heldBytes += length;
        reader.read(bytes, 0, length, this::onMessage);
    }

    private void onMessage(Message message) {
        if (isDropped()) {
            return;
        }
        if (isGreeted()) {
            links.onMessage(this, message);
        } else {
            greeted(reader.sid());
            links.onIntroduced(this, message);
        }
    }

    @Override
    void ended() {
        links.onEnded(this);
    }
}
