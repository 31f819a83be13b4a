package vivarium.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sessions that do nothing but show that they are there: each sends a ping every third of its
 * timeout, as ZooKeeper's own clients do, and each ping has to be answered. Pings are evenly spread
 * over the time, one by one, since clients that know nothing of each other do not ping together.
 */
public final class IdleSessions implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int PING_XID = -2;
    private static final int PING = 11;
    private static final int REPLY_BYTES = 3 * Integer.BYTES + Long.BYTES;

    /** Between two pings of a session. */
    private static final long INTERVAL_NANOS =
            Duration.ofMillis(Handshake.SESSION_TIMEOUT_MILLIS).dividedBy(3).toNanos();

    private final List<SocketChannel> sessions = new ArrayList<>();
    private final ByteBuffer reply = ByteBuffer.allocateDirect(REPLY_BYTES + 1);
    private final ByteBuffer ping = ByteBuffer.allocateDirect(3 * Integer.BYTES);
    private int next;
    private int answered;
    private long pinged;

    public IdleSessions() {
        ping.putInt(2 * Integer.BYTES).putInt(PING_XID).putInt(PING).flip();
    }

    /** Connects {@code count} times, one after the other; earlier ones are kept alive meanwhile. */
    public void open(InetSocketAddress server, int count) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            SocketChannel session = SocketChannel.open();
            sessions.add(session);
            session.setOption(StandardSocketOptions.TCP_NODELAY, true);
            session.socket().connect(server, PATIENCE_MILLIS);
            Handshake.shakeHands(session, PATIENCE_MILLIS);
            session.configureBlocking(false);
            if (System.nanoTime() - begin > INTERVAL_NANOS) {
                pingAll();
                begin = System.nanoTime();
            }
        }
    }

    private void pingAll() throws IOException {
        for (SocketChannel session : sessions) {
            ping(session);
        }
        for (SocketChannel session : sessions) {
            awaitReply(session);
        }
    }

    private void awaitReply(SocketChannel session) throws IOException {
        long giveUp = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (!takeReply(session)) {
            if (System.nanoTime() - giveUp > 0) {
                throw new IOException("a ping was not answered");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private void ping(SocketChannel session) throws IOException {
        if (session.write(ping.rewind()) < ping.limit()) {
            throw new IOException("the server does not read");
        }
    }

    /** Whether the answer to a ping is there. */
    private boolean takeReply(SocketChannel session) throws IOException {
        reply.clear();
        int read = session.read(reply);
        if (read < 0) {
            throw new EOFException("the server has closed an idle session");
        }
        if (read == 0) {
            return false;
        }
        if (read != REPLY_BYTES
                || reply.getInt(Integer.BYTES) != PING_XID
                || reply.getInt(REPLY_BYTES - Integer.BYTES) != 0) {
            throw new WrongReplyException("a ping was answered by something else");
        }
        return true;
    }

    /**
     * Keeps the sessions alive for {@code time}. The answer to a ping is taken when half of the
     * sessions have had their turn since, and has to be there by then.
     *
     * @return how many pings were answered
     */
    public long idle(Duration time) throws IOException {
        long begin = System.nanoTime();
        long answeredBefore = pinged;
        long sent = 0;
        int half = Math.max(1, sessions.size() / 2);
        while (System.nanoTime() - begin < time.toNanos()) {
            long due = (System.nanoTime() - begin) * sessions.size() / INTERVAL_NANOS;
            for (; sent < due; sent++) {
                ping(sessions.get(next));
                next = (next + 1) % sessions.size();
                if (sent >= half) {
                    takeOldest();
                }
            }
            long dueNanos = begin + (sent + 1) * INTERVAL_NANOS / sessions.size();
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
        for (long left = Math.min(sent, half); left > 0; left--) {
            takeOldest();
        }
        return pinged - answeredBefore;
    }

    private void takeOldest() throws IOException {
        awaitReply(sessions.get(answered));
        answered = (answered + 1) % sessions.size();
        pinged++;
    }

    /** Cuts the connections; the sessions expire. */
    @Override
    public void close() throws IOException {
        for (SocketChannel session : sessions) {
            session.close();
        }
    }
}
