package vivarium.benchmarks.failover;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client that knows all servers and writes one value after the other. When its connection is lost
 * it asks the next server at once, and again, as long as none lets it go on with its session: so
 * what it measures is the servers' time and not a client's patience.
 */
final class Client implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int PAUSE_MILLIS = 2;
    private static final int SESSION_MILLIS = 20_000;
    private static final int CREATE = 1;
    private static final int SET_DATA = 5;
    private static final int ALL_PERMISSIONS = 31;
    private static final int NODE_EXISTS = -110;
    private static final int PASSWORD_BYTES = 16;

    private final List<InetSocketAddress> servers;
    private final String path;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private int next;
    private int xid;

    /** The session that it goes on with, and its password; 0 for none yet. */
    private long session;

    private byte[] password = new byte[PASSWORD_BYTES];
    private long lastZxid;
    private volatile boolean ending;
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile long lastNanos = System.nanoTime();
    private volatile long longestNanos;

    Client(List<InetSocketAddress> servers, int number) {
        this.servers = servers;
        this.path = "/failover-" + number;
        this.next = number;
        this.thread = Thread.ofPlatform().name("client-" + number).start(this::run);
    }

    /** How many writes were acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** From now on, the longest time without an acknowledged write is looked for anew. */
    void reset() {
        longestNanos = 0;
    }

    /** The longest time without an acknowledged write, the one that goes on now included. */
    long longestNanos() {
        return Math.max(longestNanos, System.nanoTime() - lastNanos);
    }

    /** Why it has ended by itself, null while it goes on. */
    @Nullable Throwable failure() {
        return failure.get();
    }

    private void run() {
        while (!ending) {
            try (Socket socket = new Socket()) {
                converse(socket);
            } catch (IOException _) {
                pause(); // this server does not serve now: the next one may
            } catch (RuntimeException e) {
                failure.set(e);
                return;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void converse(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(servers.get(Math.floorMod(next++, servers.size())), PATIENCE_MILLIS);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out =
                new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (shakeHands(in, out)) {
            create(in, out, name);
        }
        while (!ending) {
            byte[] value = String.valueOf(acknowledged.get()).getBytes(StandardCharsets.UTF_8);
            out.writeInt(4 * Integer.BYTES + name.length + value.length + Integer.BYTES);
            out.writeInt(++xid);
            out.writeInt(SET_DATA);
            buffer(out, name);
            buffer(out, value);
            out.writeInt(-1);
            out.flush();
            if (reply(in) != 0) {
                throw new IOException("refused");
            }
            long now = System.nanoTime();
            longestNanos = Math.max(longestNanos, now - lastNanos);
            lastNanos = now;
            acknowledged.incrementAndGet();
        }
    }

    private static void buffer(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Goes on with its session, as any client does; true where it had none and has one now. */
    private boolean shakeHands(DataInputStream in, DataOutputStream out) throws IOException {
        int length = 3 * Integer.BYTES + 2 * Long.BYTES + PASSWORD_BYTES + 1;
        out.writeInt(length);
        out.writeInt(0);
        out.writeLong(lastZxid);
        out.writeInt(SESSION_MILLIS);
        out.writeLong(session);
        buffer(out, password);
        out.writeBoolean(false);
        out.flush();
        boolean fresh = session == 0;
        int answered = in.readInt();
        in.readInt();
        int timeoutMillis = in.readInt();
        session = timeoutMillis > 0 ? in.readLong() : 0;
        if (timeoutMillis <= 0) {
            throw new IOException("the session has expired");
        }
        password = in.readNBytes(in.readInt());
        in.skipNBytes(answered - 3L * Integer.BYTES - Long.BYTES - password.length);
        return fresh;
    }

    private void create(DataInputStream in, DataOutputStream out, byte[] name) throws IOException {
        byte[] scheme = "world".getBytes(StandardCharsets.UTF_8);
        byte[] id = "anyone".getBytes(StandardCharsets.UTF_8);
        int acl = 4 * Integer.BYTES + scheme.length + id.length;
        out.writeInt(4 * Integer.BYTES + name.length + acl + Integer.BYTES);
        out.writeInt(++xid);
        out.writeInt(CREATE);
        buffer(out, name);
        out.writeInt(0);
        out.writeInt(1);
        out.writeInt(ALL_PERMISSIONS);
        buffer(out, scheme);
        buffer(out, id);
        out.writeInt(0);
        out.flush();
        int error = reply(in);
        if (error != 0 && error != NODE_EXISTS) {
            throw new IOException("error " + error);
        }
    }

    /** The error of the reply, which is awaited. */
    private int reply(DataInputStream in) throws IOException {
        int length = in.readInt();
        int answered = in.readInt();
        lastZxid = Math.max(lastZxid, in.readLong());
        int error = in.readInt();
        in.skipNBytes(length - 2L * Integer.BYTES - Long.BYTES);
        if (answered != xid) {
            throw new IllegalStateException("reply " + answered + " to request " + xid);
        }
        return error;
    }

    @Override
    public void close() {
        ending = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
