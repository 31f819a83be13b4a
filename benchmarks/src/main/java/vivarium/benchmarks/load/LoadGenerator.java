package vivarium.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * Drives a server from the calling thread, over sessions of its own. Any reply that is not the one
 * asked for, and any connection that is lost, ends the run with an {@link IOException}.
 */
public final class LoadGenerator implements AutoCloseable, LoadConnection.Replies {
    /** How many znodes are prepared for those workloads that get and set data. */
    public static final int ZNODES = 1_000;

    private static final int GETS_IN_TEN = 9;
    private static final int PREPARING = 128;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String STALLED = "the server has not answered for 30 seconds";
    private static final long STALL_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Requests requests;
    private final int valueBytes;
    private final SplittableRandom random = new SplittableRandom(42);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Histogram latency = new Histogram(LONGEST_NANOS, 3);
    private Workload workload = Workload.GET_DATA;
    private long created;
    private long counted;
    private long countFromNanos;
    private boolean counting;
    private boolean sending;
    private boolean closedLoop;

    /**
     * Connects, {@code connections} times.
     *
     * @param valueBytes the length of every value that is read and written
     */
    public LoadGenerator(InetSocketAddress server, int connections, int valueBytes)
            throws IOException {
        this(server, connections, valueBytes, PATIENCE_MILLIS);
    }

    /** As above, where a session that is not given within {@code patienceMillis} is an error. */
    public LoadGenerator(
            InetSocketAddress server, int connections, int valueBytes, int patienceMillis)
            throws IOException {
        this.valueBytes = valueBytes;
        this.requests = new Requests(ZNODES, valueBytes);
        this.selector = Selector.open();
        try {
            for (int i = 0; i < connections; i++) {
                LoadConnection connection =
                        LoadConnection.open(server, requests, valueBytes, patienceMillis);
                this.connections.add(connection);
                connection.register(selector);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Makes the znodes that the workloads work on, where an earlier run has not done so. */
    public void prepare() throws IOException {
        byte[] value = Requests.value(valueBytes);
        for (LoadConnection connection : connections) {
            connection.tolerate(LoadConnection.NODE_EXISTS);
        }
        // One after the other, since different sessions may overtake each other.
        sendAll(1, _ -> Requests.create(Requests.ROOT, value), PREPARING);
        sendAll(1, _ -> Requests.create(Requests.CREATED, value), PREPARING);
        sendAll(ZNODES, i -> Requests.create(Requests.path((int) i), value), PREPARING);
        for (LoadConnection connection : connections) {
            connection.tolerate(0);
        }
    }

    /**
     * Makes {@code parents} znodes, and under each of them {@code children}, named as in {@code
     * /big0042/000007}; {@code progress} is told of each thousand.
     */
    public void grow(int parents, int children, int outstanding, Progress progress)
            throws IOException {
        byte[] value = Requests.value(valueBytes);
        sendAll(parents, i -> Requests.create(bigParent((int) i), value), outstanding);
        long total = (long) parents * children;
        sendAll(
                total,
                i -> {
                    if (i % 1_000 == 0) {
                        progress.onProgress(i, total);
                    }
                    return Requests.create(bigChild(i, children), value);
                },
                outstanding);
    }

    private static String bigParent(int parent) {
        return String.format("/big%04d", parent);
    }

    /** Of the znodes that {@link #grow} makes, the one with this number. */
    private static String bigChild(long number, int children) {
        return String.format("%s/%06d", bigParent((int) (number / children)), number % children);
    }

    /** Gets the data of one of the znodes that {@link #grow} has made. */
    public void readOneOf(long number, int children) throws IOException {
        byte[] frame = Requests.getData(bigChild(number, children));
        LoadConnection connection = connections.getFirst();
        connection.send(Kind.GET_DATA, frame, System.nanoTime());
        connection.flush();
        drain();
    }

    /** Makes one znode and gets its data. */
    public void prepareOne() throws IOException {
        byte[] create = Requests.create(Requests.ROOT, Requests.value(valueBytes));
        byte[] get = Requests.getData(Requests.ROOT);
        LoadConnection connection = connections.getFirst();
        connection.send(Kind.CREATE, create, System.nanoTime());
        connection.send(Kind.GET_DATA, get, System.nanoTime());
        connection.flush();
        drain();
    }

    private void sendAll(long count, Frames frames, int outstanding) throws IOException {
        sending = false;
        int width = Math.max(1, outstanding / connections.size());
        long next = 0;
        while (next < count) {
            for (LoadConnection connection : connections) {
                while (next < count && connection.inFlight() < width) {
                    byte[] frame = frames.frame(next++);
                    connection.send(Kind.CREATE, frame, System.nanoTime());
                }
                connection.flush();
            }
            select(100);
        }
        drain();
    }

    /** Removes what {@link Workload#CREATE} has made so far. */
    public void sweep() throws IOException {
        sending = false;
        long left = created;
        while (left > 0) {
            for (LoadConnection connection : connections) {
                while (left > 0 && connection.inFlight() < PREPARING) {
                    connection.delete(--left, System.nanoTime());
                }
                connection.flush();
            }
            select(100);
        }
        drain();
        created = 0;
    }

    /**
     * Applies {@code load}, and has {@code probe} look at the server as the measured time passes.
     */
    public LoadResult run(Load load, Probe probe) throws IOException {
        workload = load.workload();
        closedLoop = load.ratePerSecond() == 0;
        latency.reset();
        counted = 0;
        sending = true;
        try (Pacer pacer = closedLoop ? new Pacer() : new Pacer(load.ratePerSecond(), selector)) {
            if (closedLoop) {
                fill(load.outstanding() / connections.size());
            }
            pump(load.warmUp(), pacer);
            probe.onBegin();
            long cpu = threads.getCurrentThreadCpuTime();
            countFromNanos = System.nanoTime();
            counting = true;
            pump(load.measured(), pacer);
            counting = false;
            double seconds = (System.nanoTime() - countFromNanos) / 1e9;
            cpu = threads.getCurrentThreadCpuTime() - cpu;
            probe.onEnd();
            return new LoadResult(counted, seconds, latency.copy(), cpu);
        } finally {
            sending = false;
            drain();
        }
    }

    private void fill(int width) throws IOException {
        for (LoadConnection connection : connections) {
            for (int i = 0; i < width; i++) {
                sendNext(connection, System.nanoTime());
            }
            connection.flush();
        }
    }

    private void pump(Duration time, Pacer pacer) throws IOException {
        long until = System.nanoTime() + time.toNanos();
        long lastAnswer = System.nanoTime();
        int turn = 0;
        while (true) {
            long now = System.nanoTime();
            if (now - until >= 0) {
                return;
            }
            for (long due = pacer.next(); due != Pacer.NOTHING; due = pacer.next()) {
                LoadConnection connection = connections.get(turn);
                turn = (turn + 1) % connections.size();
                sendNext(connection, due);
                connection.flush();
            }
            long leftMillis = (until - now) / 1_000_000;
            if (select(Math.max(1, leftMillis)) > 0) {
                lastAnswer = now;
            } else if (now - lastAnswer > STALL_NANOS) {
                throw new IOException(STALLED);
            }
        }
    }

    /** Waits for the answers to all that was asked. */
    private void drain() throws IOException {
        long giveUp = System.nanoTime() + STALL_NANOS;
        for (LoadConnection connection : connections) {
            while (connection.inFlight() > 0) {
                if (System.nanoTime() - giveUp > 0) {
                    throw new IOException(STALLED);
                }
                if (select(100) > 0) {
                    giveUp = System.nanoTime() + STALL_NANOS;
                }
            }
        }
    }

    private int select(long timeoutMillis) throws IOException {
        try {
            return selector.select(this::onReady, timeoutMillis);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void onReady(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        try {
            if (key.isReadable()) {
                connection.read(this);
            }
            connection.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts what was both asked and answered in the measured time. */
    @Override
    public void onReply(LoadConnection connection, long startNanos, long nowNanos) {
        if (counting && startNanos - countFromNanos >= 0) {
            counted++;
            latency.recordValue(Math.min(nowNanos - startNanos, LONGEST_NANOS));
        }
        if (sending && closedLoop) {
            sendNext(connection, nowNanos);
        }
    }

    private void sendNext(LoadConnection connection, long startNanos) {
        switch (workload) {
            case SET_DATA -> connection.set(random.nextInt(ZNODES), startNanos);
            case GET_DATA -> connection.get(random.nextInt(ZNODES), startNanos);
            case CREATE -> connection.create(created++, startNanos);
            case MIXED -> {
                if (random.nextInt(10) < GETS_IN_TEN) {
                    connection.get(random.nextInt(ZNODES), startNanos);
                } else {
                    connection.set(random.nextInt(ZNODES), startNanos);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            for (LoadConnection connection : connections) {
                connection.close();
            }
        }
    }

    /** Looks at the server when the measured time begins and when it ends. */
    public interface Probe {
        /** Looks at nothing. */
        Probe NONE =
                new Probe() {
                    @Override
                    public void onBegin() {}

                    @Override
                    public void onEnd() {}
                };

        void onBegin() throws IOException;

        void onEnd() throws IOException;
    }

    /** Is told how far a long job is. */
    @FunctionalInterface
    public interface Progress {
        void onProgress(long done, long total);
    }

    @FunctionalInterface
    private interface Frames {
        byte[] frame(long number);
    }
}
