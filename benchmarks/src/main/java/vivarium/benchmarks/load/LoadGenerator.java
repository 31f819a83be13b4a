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
import java.util.Arrays;
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

    /** Who says nothing for longer is asked whether it lives, well before its session's end. */
    private static final long SILENT_NANOS = Duration.ofSeconds(8).toNanos();

    /** So many watches are asked for before their answers are awaited. */
    private static final int WATCHES_AT_A_TIME = 100_000;

    /** Beyond so many connections each has small buffers. */
    private static final int MANY_CONNECTIONS = 256;

    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Requests requests;
    private final int valueBytes;
    private final byte[] sequential;
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

    /** The numbers that the server gave to what was created sequentially, to be swept. */
    private int[] numbers = new int[1024];

    private int numbered;

    /** How many znodes are watched, and how many of them are set in a round, from which one on. */
    private int watched;

    private int setInRound;
    private int firstOfRound;
    private long roundNanos;
    private long keptAliveNanos = System.nanoTime();

    /** What must still be heard of the round of watches that goes on. */
    private long expected;

    /**
     * Connects, {@code connections} times.
     *
     * @param servers those of one ensemble, which get as many connections each, but for a rest
     * @param valueBytes the length of every value that is read and written
     */
    public LoadGenerator(List<InetSocketAddress> servers, int connections, int valueBytes)
            throws IOException {
        this(servers, connections, valueBytes, PATIENCE_MILLIS);
    }

    /** As above, where a session that is not given within {@code patienceMillis} is an error. */
    public LoadGenerator(
            List<InetSocketAddress> servers, int connections, int valueBytes, int patienceMillis)
            throws IOException {
        this.valueBytes = valueBytes;
        this.requests = new Requests(ZNODES, valueBytes);
        this.sequential = Requests.createSequential(Requests.CREATED, Requests.value(valueBytes));
        this.selector = Selector.open();
        try {
            for (int i = 0; i < connections; i++) {
                InetSocketAddress server = servers.get(i % servers.size());
                LoadConnection connection =
                        LoadConnection.open(
                                server,
                                requests,
                                valueBytes,
                                patienceMillis,
                                connections > MANY_CONNECTIONS);
                this.connections.add(connection);
                connection.register(selector);
                keepAlive();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Has every connection say something, unless that was done a moment ago. */
    private void keepAlive() throws IOException {
        long now = System.nanoTime();
        if (now - keptAliveNanos < SILENT_NANOS) {
            return;
        }
        keptAliveNanos = now;
        syncAll();
    }

    private void syncAll() throws IOException {
        byte[] sync = Requests.sync(Requests.ROOT);
        for (LoadConnection connection : connections) {
            connection.send(Kind.SYNC, sync, System.nanoTime());
            connection.flush();
        }
        drain();
    }

    /**
     * Makes the znodes that the workloads work on, where an earlier run has not done so, and gives
     * all of them values of this length, as every server knows from then on.
     */
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
        for (int i = 0; i < ZNODES; i++) {
            connections.getFirst().set(i, System.nanoTime());
        }
        connections.getFirst().flush();
        drain();
        syncAll();
    }

    /**
     * Makes {@code parents} znodes, and under each of them {@code children}, named as in {@code
     * /big0042/000007}; {@code progress} is told of each thousand.
     */
    public void grow(int parents, int children, int outstanding, Progress progress)
            throws IOException {
        growOn(0, parents, children, outstanding, progress);
    }

    /** The same behind {@code before} parents that are there already. */
    public void growOn(int before, int parents, int children, int outstanding, Progress progress)
            throws IOException {
        byte[] value = Requests.value(valueBytes);
        sendAll(parents, i -> Requests.create(bigParent(before + (int) i), value), outstanding);
        long first = (long) before * children;
        long total = (long) parents * children;
        sendAll(
                total,
                i -> {
                    if (i % 1_000 == 0) {
                        progress.onProgress(i, total);
                    }
                    return Requests.create(bigChild(first + i, children), value);
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

    /**
     * Applies {@code load}, over connections of its own, and removes afterwards what it has made.
     *
     * @param prepare whether the znodes have to be made first, or to be given other values
     */
    public static LoadResult apply(
            List<InetSocketAddress> servers, Load load, boolean prepare, Probe probe)
            throws IOException {
        int connections = load.workload() == Workload.SESSIONS ? 1 : load.connections();
        try (LoadGenerator generator = new LoadGenerator(servers, connections, load.valueBytes())) {
            if (prepare) {
                generator.prepare();
            }
            if (load.workload() == Workload.SESSIONS) {
                return new SessionLoad(servers).run(load, probe);
            }
            LoadResult result = generator.run(load, probe);
            generator.sweep();
            return result;
        }
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

    /** Removes what {@link Workload#CREATE} or {@link Workload#SEQUENTIAL} has made so far. */
    public void sweep() throws IOException {
        sending = false;
        while (created + numbered > 0) {
            for (LoadConnection connection : connections) {
                while (created + numbered > 0 && connection.inFlight() < PREPARING) {
                    long number = created > 0 ? --created : numbers[--numbered];
                    connection.delete(number, System.nanoTime());
                }
                connection.flush();
            }
            select(100);
        }
        drain();
    }

    /**
     * Applies {@code load}, whatever it is but {@link Workload#SESSIONS}, and has {@code probe}
     * look at the server as the measured time passes.
     */
    public LoadResult run(Load load, Probe probe) throws IOException {
        workload = load.workload();
        closedLoop = load.ratePerSecond() == 0;
        latency.reset();
        counted = 0;
        sending = true;
        if (workload == Workload.WATCHES) {
            setInRound = load.outstanding();
            watch(load.watched());
        }
        try (Pacer pacer = closedLoop ? new Pacer() : new Pacer(load.ratePerSecond(), selector)) {
            if (workload == Workload.WATCHES) {
                beginRound();
            } else if (closedLoop) {
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
            endRound();
        }
    }

    /** From here on, every connection watches so many znodes. */
    private void watch(int znodes) throws IOException {
        watched = znodes;
        firstOfRound = 0;
        int piece = Math.max(1, WATCHES_AT_A_TIME / connections.size());
        for (int from = 0; from < znodes; from += piece) {
            for (LoadConnection connection : connections) {
                for (int i = from; i < Math.min(znodes, from + piece); i++) {
                    watchNext(connection, i);
                }
                connection.flush();
            }
            drain();
        }
    }

    private void watchNext(LoadConnection connection, int znode) {
        byte[] frame = Requests.watchData(Requests.path(znode));
        connection.send(Kind.GET_DATA, frame, System.nanoTime());
    }

    /**
     * The next of the watched znodes are set; each change is heard, and asked for again, on each
     * connection.
     */
    private void beginRound() throws IOException {
        expected = (long) setInRound * (2L * connections.size() + 1);
        roundNanos = System.nanoTime();
        for (int i = 0; i < setInRound; i++) {
            connections.getFirst().set((firstOfRound + i) % watched, roundNanos);
        }
        firstOfRound = (firstOfRound + setInRound) % watched;
        connections.getFirst().flush();
    }

    /** Events are no answers, so draining does not wait for them. */
    private void endRound() throws IOException {
        long giveUp = System.nanoTime() + STALL_NANOS;
        while (expected > 0) {
            select(100);
            if (System.nanoTime() - giveUp > 0) {
                throw new IOException(STALLED);
            }
        }
        drain();
    }

    private void heard() {
        expected--;
        if (expected == 0 && sending) {
            try {
                beginRound();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void onEvent(LoadConnection connection, int znode, long nowNanos) {
        count(roundNanos, nowNanos);
        watchNext(connection, znode);
        heard();
    }

    @Override
    public void onCreated(int number) {
        if (numbered == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbered);
        }
        numbers[numbered++] = number;
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

    @Override
    public void onReply(LoadConnection connection, Kind kind, long startNanos, long nowNanos) {
        if (workload == Workload.WATCHES) {
            heard();
            return;
        }
        count(startNanos, nowNanos);
        if (sending && closedLoop) {
            sendNext(connection, nowNanos);
        }
    }

    /** Counts what was both asked and answered in the measured time. */
    private void count(long startNanos, long nowNanos) {
        if (counting && startNanos - countFromNanos >= 0) {
            counted++;
            latency.recordValue(Math.min(nowNanos - startNanos, LONGEST_NANOS));
        }
    }

    private void sendNext(LoadConnection connection, long startNanos) {
        switch (workload) {
            case SET_DATA -> connection.set(random.nextInt(ZNODES), startNanos);
            case GET_DATA -> connection.get(random.nextInt(ZNODES), startNanos);
            case MULTI -> {
                byte[] frame = requests.multi(random.nextInt(ZNODES));
                connection.send(Kind.MULTI, frame, startNanos);
            }
            case SEQUENTIAL -> connection.send(Kind.CREATE_SEQUENTIAL, sequential, startNanos);
            case SESSIONS, WATCHES -> throw new IllegalStateException(workload + " has no next");
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
            // All say it before the first is waited for: sessions of thousands would expire.
            for (LoadConnection connection : connections) {
                connection.sayGoodbye();
            }
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
