package vivarium.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection with a session of its own. Requests are gathered and written together; replies come
 * in the order of the requests, and each is checked: its number, its error code, its length.
 */
final class LoadConnection implements AutoCloseable {
    /** How many requests may be unanswered. A power of two, so that a mask finds their places. */
    static final int MAX_IN_FLIGHT = 1 << 13;

    /** The error of a create where there is a znode already. */
    static final int NODE_EXISTS = -110;

    /** The xid of an event. */
    private static final int EVENT = -1;

    private static final int DATA_CHANGED = 3;
    private static final int RESULT_HEADER_BYTES = 2 * Integer.BYTES + 1;
    private static final int REPLY_HEADER_BYTES = 2 * Integer.BYTES + Long.BYTES;
    private static final int STAT_BYTES = 68;
    private static final int READ_BYTES = 256 * 1024;
    private static final int WRITE_BYTES = 64 * 1024;

    /** The same where there are thousands of connections; what is written finds more room. */
    private static final int SMALL_READ_BYTES = 16 * 1024;

    private static final int SMALL_WRITE_BYTES = 1024;

    private final SocketChannel channel;
    private final Requests requests;
    private final int valueBytes;
    private final ByteBuffer in;
    private final long[] starts = new long[MAX_IN_FLIGHT];
    private final Kind[] kinds = new Kind[MAX_IN_FLIGHT];
    private ByteBuffer out;
    private @Nullable SelectionKey key;
    private int tolerated;
    private int sent;
    private int answered;
    private boolean farewellSaid;

    private LoadConnection(
            SocketChannel channel, Requests requests, int valueBytes, boolean small) {
        this.channel = channel;
        this.requests = requests;
        this.valueBytes = valueBytes;
        this.in = ByteBuffer.allocateDirect((small ? SMALL_READ_BYTES : READ_BYTES) + valueBytes);
        this.out = ByteBuffer.allocateDirect(small ? SMALL_WRITE_BYTES : WRITE_BYTES);
    }

    /**
     * Connects, and waits for the session; each for so long and no longer.
     *
     * @param small whether its buffers are small
     */
    static LoadConnection open(
            InetSocketAddress server,
            Requests requests,
            int valueBytes,
            int patienceMillis,
            boolean small)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(server, patienceMillis);
            Handshake.shakeHands(channel, patienceMillis);
            channel.configureBlocking(false);
            return new LoadConnection(channel, requests, valueBytes, small);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void register(Selector selector) throws IOException {
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** How many requests are unanswered. */
    int inFlight() {
        return sent - answered;
    }

    void get(int znode, long startNanos) {
        requests.putGet(roomFor(Kind.GET_DATA, startNanos), sent, znode);
    }

    void set(int znode, long startNanos) {
        requests.putSet(roomFor(Kind.SET_DATA, startNanos), sent, znode);
    }

    void create(long number, long startNanos) {
        requests.putCreate(roomFor(Kind.CREATE, startNanos), sent, number);
    }

    void delete(long number, long startNanos) {
        requests.putDelete(roomFor(Kind.DELETE, startNanos), sent, number);
    }

    /** Sends a frame as it is, but for its xid. */
    void send(Kind kind, byte[] frame, long startNanos) {
        ByteBuffer buffer = roomFor(kind, startNanos, frame.length);
        int start = buffer.position();
        buffer.put(frame);
        buffer.putInt(start + Integer.BYTES, sent);
    }

    /** Takes this error for an answer as good as any from now on; 0 for none. */
    void tolerate(int error) {
        tolerated = error;
    }

    private ByteBuffer roomFor(Kind kind, long startNanos) {
        return roomFor(kind, startNanos, requests.longestBytes());
    }

    private ByteBuffer roomFor(Kind kind, long startNanos, int bytes) {
        if (inFlight() >= MAX_IN_FLIGHT) {
            throw new IllegalStateException(
                    MAX_IN_FLIGHT + " requests of one connection are unanswered: too fast a rate");
        }
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(2 * out.capacity() + bytes);
            larger.put(out.flip());
            out = larger;
        }
        int slot = sent & (MAX_IN_FLIGHT - 1);
        starts[slot] = startNanos;
        kinds[slot] = kind;
        sent++;
        return out;
    }

    /** Writes what was gathered, as far as the socket takes it. */
    void flush() throws IOException {
        if (out.position() == 0) {
            return;
        }
        out.flip();
        channel.write(out);
        out.compact();
        wantWrite(out.position() > 0);
    }

    private void wantWrite(boolean wanted) {
        SelectionKey registered = key;
        if (registered != null) {
            int ops = wanted ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (registered.interestOps() != ops) {
                registered.interestOps(ops);
            }
        }
    }

    /** Takes what has come, and tells {@code replies} of each reply. */
    void read(Replies replies) throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server has closed a connection");
        }
        long now = System.nanoTime();
        int at = 0;
        int end = in.position();
        while (end - at >= Integer.BYTES) {
            int length = in.getInt(at);
            if (length < REPLY_HEADER_BYTES || length > in.capacity() - Integer.BYTES) {
                throw new WrongReplyException("a frame of " + length + " bytes");
            }
            if (end - at - Integer.BYTES < length) {
                break;
            }
            if (in.getInt(at + Integer.BYTES) == EVENT) {
                checkEvent(at + Integer.BYTES, length);
                int pathEnd = at + Integer.BYTES + length;
                replies.onEvent(this, number(pathEnd, Requests.ZNODE_DIGITS), now);
            } else {
                int slot = answered & (MAX_IN_FLIGHT - 1);
                Kind kind = kinds[slot];
                check(at + Integer.BYTES, length, kind);
                answered++;
                if (kind == Kind.CREATE_SEQUENTIAL) {
                    replies.onCreated(number(at + Integer.BYTES + length, Requests.DIGITS));
                }
                replies.onReply(this, kind, starts[slot], now);
            }
            at += Integer.BYTES + length;
        }
        in.position(at).limit(end);
        in.compact();
    }

    private void checkEvent(int at, int length) throws WrongReplyException {
        int type =
                length < REPLY_HEADER_BYTES + Integer.BYTES
                        ? 0
                        : in.getInt(at + REPLY_HEADER_BYTES);
        if (type != DATA_CHANGED) {
            throw new WrongReplyException("an event of type " + type);
        }
    }

    /** The number that ends just before {@code end}. */
    private int number(int end, int digits) {
        int number = 0;
        for (int at = end - digits; at < end; at++) {
            number = 10 * number + in.get(at) - '0';
        }
        return number;
    }

    private void check(int at, int length, Kind kind) throws WrongReplyException {
        if (inFlight() == 0) {
            throw new WrongReplyException("a reply that was not asked for");
        }
        int xid = in.getInt(at);
        int error = in.getInt(at + Integer.BYTES + Long.BYTES);
        if (xid != answered + 1) {
            throw new WrongReplyException("reply " + xid + " instead of " + (answered + 1));
        }
        if (error != 0 && error == tolerated) {
            return;
        }
        if (error != 0) {
            throw new WrongReplyException(kind + " failed with error " + error);
        }
        int body = length - REPLY_HEADER_BYTES;
        boolean right =
                switch (kind) {
                    case CREATE, SYNC -> body > Integer.BYTES;
                    case CREATE_SEQUENTIAL -> body > Integer.BYTES + Requests.DIGITS;
                    case MULTI ->
                            body
                                    == Requests.PARTS * (RESULT_HEADER_BYTES + STAT_BYTES)
                                            + RESULT_HEADER_BYTES;
                    case DELETE -> body == 0;
                    case SET_DATA -> body == STAT_BYTES;
                    case GET_DATA ->
                            body == Integer.BYTES + valueBytes + STAT_BYTES
                                    && in.getInt(at + REPLY_HEADER_BYTES) == valueBytes;
                };
        if (!right) {
            throw new WrongReplyException("the reply to a " + kind + " has " + body + " bytes");
        }
    }

    /** Ends the session; {@link #close} waits for that. */
    void sayGoodbye() throws IOException {
        SelectionKey registered = key;
        if (registered != null) {
            registered.cancel();
            registered.selector().selectNow();
        }
        if (inFlight() == 0 && !farewellSaid) { // else it has gone wrong, and the session expires
            channel.configureBlocking(true);
            Handshake.sayGoodbye(channel, sent + 1);
            farewellSaid = true;
        }
    }

    /** Ends the session, and waits until the server has closed the connection for it. */
    @Override
    public void close() throws IOException {
        try (channel) {
            sayGoodbye();
            if (farewellSaid) {
                Handshake.awaitEnd(channel, sent + 1);
            }
        }
    }

    /** Is told of each reply. */
    interface Replies {
        void onReply(LoadConnection connection, Kind kind, long startNanos, long nowNanos);

        /** Before the reply to a sequential create. */
        void onCreated(int number);

        /** The data of a znode have changed that this connection watches. */
        void onEvent(LoadConnection connection, int znode, long nowNanos);
    }
}
