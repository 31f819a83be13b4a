package vivarium.properties.ensemble;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import vivarium.core.txn.ErrorCode;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteIn;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.simulation.history.Act;
import vivarium.simulation.history.History;
import vivarium.simulation.history.Result;

/**
 * A real client of real servers, which writes down all that it asks and is told, for the judge of
 * the simulated world. Each of its reads follows a sync, so that it must be linearizable too.
 */
final class JudgedClient implements AutoCloseable {
    private static final int CELLS = 2;
    private static final int GROUPS = 3;
    private static final int PATIENCE_MILLIS = 1_500;
    private static final long PAUSE_NANOS = 3_000_000;
    private static final long EPOCH_NANOS = 4_000_000_000L;

    private final List<InetSocketAddress> servers;
    private final History history;
    private final AtomicLong values;
    private final boolean onlyReads;
    private final String place;
    private final SplittableRandom random;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong answered = new AtomicLong();
    private final long startNanos;
    private final Thread thread;
    private volatile boolean ending;
    private long session;
    private long lastZxid;

    /**
     * @param history what it writes down into, locked meanwhile
     * @param place what the paths of its znodes begin with; a history knows nothing of what was
     *     there before it
     * @param values draws numbers that no other client writes
     * @param onlyReads whether it never writes, and so stays with a leader that commits nothing
     */
    JudgedClient(
            List<InetSocketAddress> servers,
            History history,
            String place,
            AtomicLong values,
            long seed,
            boolean onlyReads) {
        this.servers = servers;
        this.history = history;
        this.place = place;
        this.values = values;
        this.onlyReads = onlyReads;
        this.random = new SplittableRandom(seed);
        this.session = seed << 32;
        this.startNanos = System.nanoTime();
        this.thread = Thread.ofPlatform().name("judged-" + seed).start(this::run);
    }

    /** How many operations have been answered. */
    long answered() {
        return answered.get();
    }

    private void run() {
        try {
            while (!ending) {
                converse();
            }
        } catch (RuntimeException | Error e) {
            failure.set(e);
        }
    }

    private void converse() {
        InetSocketAddress server = servers.get(random.nextInt(servers.size()));
        session++;
        lastZxid = 0;
        try (RawClient client = RawClient.dial(server, PATIENCE_MILLIS)) {
            client.socket().setSoTimeout(PATIENCE_MILLIS);
            client.handshake(ConnectBytes.newSession());
            for (int xid = 1; !ending && operate(client, xid); xid++) {
                LockSupport.parkNanos(random.nextLong(PAUSE_NANOS));
            }
        } catch (IOException | AssertionError _) {
            // It serves nobody now, or has just died; another may serve.
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private Act act() {
        int cell = random.nextInt(CELLS);
        if (onlyReads) {
            return new Act(Act.Kind.READ, cell, 0, -1);
        }
        return switch (random.nextInt(10)) {
            case 0, 1 -> new Act(Act.Kind.CREATE, cell, values.incrementAndGet(), -1);
            case 2 -> new Act(Act.Kind.DELETE, cell, 0, -1);
            case 3, 4, 5 -> {
                int version = random.nextInt(3) == 0 ? random.nextInt(4) : -1;
                yield new Act(Act.Kind.SET, cell, values.incrementAndGet(), version);
            }
            default -> new Act(Act.Kind.READ, cell, 0, -1);
        };
    }

    /** False if the session is of no more use. */
    private boolean operate(RawClient client, int xid) {
        // New znodes every few seconds: a short history is quickly judged.
        long era = (System.nanoTime() - startNanos) / EPOCH_NANOS;
        String group = place + era + "-" + random.nextInt(GROUPS);
        Act act = act();
        long calledAt = System.nanoTime();
        History.Call call = new History.Call(group, List.of(act), calledAt, session, xid);
        Frame frame;
        try {
            frame = ask(client, group + "-" + act.cell(), act);
        } catch (IOException | AssertionError _) {
            return lose(call);
        }
        if (frame.zxid() < lastZxid) {
            throw new IllegalStateException(
                    "a session went back from zxid " + lastZxid + " to " + frame.zxid());
        }
        lastZxid = frame.zxid();
        Result result = result(act, frame);
        if (result == null) {
            return lose(call);
        }
        synchronized (history) {
            history.end(call, System.nanoTime(), frame.zxid(), result);
        }
        answered.incrementAndGet();
        return true;
    }

    private boolean lose(History.Call call) {
        synchronized (history) {
            history.lost(call);
        }
        return false;
    }

    private static Frame ask(RawClient client, String path, Act act) throws IOException {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(act.value()).array();
        return switch (act.kind()) {
            case CREATE ->
                    client.call(
                            Op.CREATE, Requests.create(path, value, AclEntry.OPEN, Op.PERSISTENT));
            case SET -> client.call(Op.SET_DATA, Requests.setData(path, value, act.version()));
            case DELETE -> client.call(Op.DELETE, Requests.delete(path, -1));
            case READ, CHECK -> {
                Frame synced = client.call(Op.SYNC, Requests.path("/"));
                yield synced.err() == 0
                        ? client.call(Op.GET_DATA, Requests.read(path, false))
                        : new Frame(0, synced.zxid(), synced.err(), new JuteOut().toBytes());
            }
        };
    }

    /** Null where the answer does not say what came of it. */
    private static @Nullable Result result(Act act, Frame frame) {
        ErrorCode error = ErrorCode.of(frame.err());
        if (error == ErrorCode.NO_NODE
                || error == ErrorCode.NODE_EXISTS
                || error == ErrorCode.BAD_VERSION) {
            return Result.refused(0, error);
        }
        if (error != ErrorCode.OK) {
            return null;
        }
        JuteIn in = frame.in();
        return switch (act.kind()) {
            case CREATE, DELETE, CHECK -> Result.DONE;
            case SET -> Result.set(in.stat().version());
            case READ -> {
                byte[] data = in.buffer();
                long value = data == null ? 0 : ByteBuffer.wrap(data).getLong();
                yield Result.read(value, in.stat().version());
            }
        };
    }

    /** Ends, and fails if something was wrong with what it was told. */
    void end() throws InterruptedException {
        ending = true;
        thread.join();
        Throwable cause = failure.get();
        if (cause != null) {
            throw new AssertionError("a client was told what can't be", cause);
        }
    }

    @Override
    public void close() {
        ending = true;
    }
}
