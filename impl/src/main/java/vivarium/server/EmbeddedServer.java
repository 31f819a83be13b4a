package vivarium.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Peer;
import vivarium.core.Recovered;
import vivarium.core.Status;
import vivarium.core.Zxid;
import vivarium.net.Audit;
import vivarium.net.ClientPort;
import vivarium.net.LoopThread;
import vivarium.storage.Disk;
import vivarium.storage.Epochs;
import vivarium.storage.LogSettings;
import vivarium.storage.PastLog;
import vivarium.storage.Snapshots;

/**
 * A server, in this process. Several may run in one, each on a data directory of its own; nothing
 * of a server is static.
 *
 * <p>What it has acknowledged is on the disk ({@code forceSync} permitting), however it ends.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

    private static final long START_SECONDS = 60;

    /** What a stop may take; then part by part. */
    private static final long STOP_MILLIS = 1_900;

    private static final long DRAIN_MILLIS = 900;

    private static final long LOG_MILLIS = 600;
    private static final long SNAPSHOT_MILLIS = 200;
    private static final long SOCKETS_MILLIS = 200;

    /** How long a server may look for its ensemble before the log tells what is missing. */
    private static final long PATIENCE_MILLIS = 10_000;

    private static final String NEW_ENSEMBLE =
            ". Its disk is empty: a new ensemble begins when all voters are there, or when a file"
                    + " called initialize in dataDir, or db.autocreate=true, says that this server"
                    + " is new";

    private static final long MEGABYTE = 1L << 20;
    private static final long HOUR_MILLIS = 3_600_000;

    private final Config config;
    private final Clock clock = new Clock();
    private final Facts facts = new Facts();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private final CompletableFuture<Status> serving = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final DirectoryLock dataLock;
    private final @Nullable DirectoryLock logLock;
    private final LoopThread thread;
    private final Loop loop;
    private final LogThread log;
    private final SnapshotThread snapshots;
    private final ClientPort port;
    private final Purge purge;
    private final Monitoring monitoring;
    private final @Nullable AuditLog audit;
    private volatile boolean closing;
    private @Nullable InetSocketAddress address;
    private @Nullable MetricsEndpoint endpoint;

    /**
     * Starts a server. When this returns, a server that is alone serves clients; one of an ensemble
     * takes part in it, and serves as soon as there is a quorum: see {@link #serving}.
     *
     * @throws IOException if its directories, what they hold, or its port can't be had; nothing was
     *     written then but what was missing of the directories
     * @throws ConfigException if the configuration asks for something that does not exist
     */
    public static EmbeddedServer start(Config config) throws IOException, ConfigException {
        Disk dataDisk = Directories.prepare(config.dataDir(), config.createsDirs(), "dataDir");
        Disk logDisk = Directories.prepare(config.dataLogDir(), config.createsDirs(), "dataLogDir");
        DirectoryLock dataLock = DirectoryLock.of(config.dataDir());
        DirectoryLock logLock = null;
        try {
            if (!config.dataLogDir().equals(config.dataDir())) {
                logLock = DirectoryLock.of(config.dataLogDir());
            }
            EmbeddedServer server =
                    new EmbeddedServer(config, dataDisk, logDisk, dataLock, logLock);
            server.open();
            return server;
        } catch (IOException | ConfigException | RuntimeException | Error e) {
            dataLock.close();
            if (logLock != null) {
                logLock.close();
            }
            throw e;
        }
    }

    private EmbeddedServer(
            Config config,
            Disk dataDisk,
            Disk logDisk,
            DirectoryLock dataLock,
            @Nullable DirectoryLock logLock)
            throws IOException, ConfigException {
        this.config = config;
        this.dataLock = dataLock;
        this.logLock = logLock;
        LogSettings logSettings = config.log();
        Credentials credentials = new Credentials(config);

        long startMillis = clock.monotonicMillis();
        Reload reload = new Reload(dataDisk, logDisk, logSettings, config);
        Reload.Reloaded loaded = reload.read();
        long loadMillis = clock.monotonicMillis() - startMillis;

        this.audit = config.audits() ? new AuditLog(config.providers()) : null;
        FourLetterWords words = new FourLetterWords(config, facts);
        this.thread = LoopThread.start("vivarium-loop");
        this.loop = new Loop(thread, clock, config.peers(), this::fail);
        this.log =
                new LogThread(
                        "vivarium-log",
                        loaded.log(),
                        new Epochs(dataDisk),
                        reload,
                        new PastLog(
                                dataDisk,
                                logDisk,
                                logSettings,
                                config.snapshotSizeFactor(),
                                PastLog.PORTION_BYTES),
                        new LogThread.Limits(config.slowForceMillis(), config.snapshotLogBytes()),
                        input -> thread.offer(() -> loop.step(input)),
                        this::fail);
        Snapshots store = new Snapshots(dataDisk, config.snapshots());
        this.snapshots =
                new SnapshotThread(
                        "vivarium-snapshots",
                        store,
                        (zxid, then) -> log.submit(List.of(new LogTask.Replace(zxid, then))),
                        loop::step,
                        thread::offer,
                        this::fail);
        Audit audited = audit == null ? Audit.NONE : audit;
        this.port = new ClientPort(thread, config.port(), loop, credentials, words, audited);
        this.purge = new Purge(store, logDisk, config.retainedSnapshots());

        this.monitoring =
                new Monitoring(
                        clock,
                        thread,
                        new Monitoring.Sources(
                                loop::peer, port, loop.peers(), loop.measures(), log, snapshots));
        monitoring.loaded(loadMillis, loaded.recovered().txnsSinceSnapshot());
        attach(words);
        begin(loaded.recovered());
    }

    /** The peer begins; on the loop's thread. */
    private void bear(@Nullable Recorder recorder, long seed, Recovered recovered) {
        if (recorder != null) {
            recorder.birth(config.settings(), seed, recovered);
        }
        Peer peer = new Peer(config.settings(), recovered, new SplittableRandom(seed), loop);
        var _ =
                loop.begin(peer, log, snapshots, port, recorder, audit)
                        .thenAccept(serving::complete);
    }

    private void attach(FourLetterWords words) {
        words.attach(
                new FourLetterWords.Sources(
                        loop::peer,
                        port,
                        loop.peers(),
                        this::inBackground,
                        monitoring,
                        new Listings(clock)));
    }

    private void begin(Recovered recovered) throws IOException {
        log.start();
        snapshots.start();
        Peers peers = loop.peers();
        if (peers != null) {
            try {
                peers.open();
            } catch (IOException | RuntimeException | Error e) {
                kill();
                throw e;
            }
        }
        long seed = RandomGenerator.getDefault().nextLong();
        Recorder recorder = recorder();
        thread.execute(() -> {
            try {
                bear(recorder, seed, recovered);
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        });
        boolean blank =
                recovered.currentEpoch() == 0 && recovered.replica().lastProcessedZxid() == 0;
        var _ = serving.thenRun(() -> snapshots.execute(this::forgetVouching));
        var _ = thread.schedule(PATIENCE_MILLIS, () -> sayWhatIsMissing(blank));
        if (config.settings().ensemble().isAlone()) {
            awaitServing(recovered.replica().lastProcessedZxid());
        }
    }

    /**
     * Says, until this server serves, what it waits for. A new ensemble has to have all its voters:
     * nobody could tell a server that is new from one that has lost its disk.
     */
    private void sayWhatIsMissing(boolean blank) {
        Peers peers = loop.peers();
        Peer peer = loop.peer();
        if (serving.isDone() || closing || peers == null || peer == null) {
            return;
        }
        LOG.info(
                "server {} does not serve yet, it is {}; voters that it has no connection to: {}{}",
                sid(),
                peer.status().phase(),
                peers.elections().missing(),
                blank && !config.settings().vouchedNew() ? NEW_ENSEMBLE : "");
        var _ = thread.schedule(PATIENCE_MILLIS, () -> sayWhatIsMissing(blank));
    }

    /** It was the operator's word for one start: this server has a history now. */
    private void forgetVouching() {
        for (Path dir : List.of(config.dataDir(), config.dataLogDir())) {
            try {
                if (Files.deleteIfExists(dir.resolve(Config.INITIALIZE))) {
                    LOG.info(
                            "{} has done its work, and is removed", dir.resolve(Config.INITIALIZE));
                }
            } catch (IOException e) {
                LOG.warn("{} can't be removed: {}", dir.resolve(Config.INITIALIZE), "" + e);
            }
        }
    }

    private @Nullable Recorder recorder() throws IOException {
        Path file = config.record();
        return file == null ? null : new Recorder(file, config.recordMegabytes() * MEGABYTE);
    }

    private void awaitServing(long lastZxid) throws IOException {
        CompletableFuture<Object> either = CompletableFuture.anyOf(serving, failed);
        try {
            Object first = either.get(START_SECONDS, TimeUnit.SECONDS);
            if (first instanceof Throwable cause) {
                throw new IOException("the server could not begin: " + cause, cause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new IOException("interrupted while the server started", e);
        } catch (ExecutionException | TimeoutException | IOException e) {
            kill();
            throw new IOException(
                    "the server does not serve behind zxid " + Zxid.text(lastZxid) + ": " + e, e);
        }
    }

    private void open() throws IOException {
        try {
            MetricsSettings metrics = config.metrics();
            if (metrics != null) {
                endpoint = MetricsEndpoint.open(metrics, monitoring);
            }
            address = port.open();
        } catch (IOException | RuntimeException | Error e) {
            kill();
            throw e;
        }
        facts.opened(address.getPort());
        if (audit != null) {
            audit.started();
        }
        if (config.purgeIntervalHours() > 0) {
            thread.execute(this::purgeNow);
        }
    }

    private void purgeNow() {
        snapshots.execute(purge);
        thread.schedule(config.purgeIntervalHours() * HOUR_MILLIS, this::purgeNow);
    }

    private void inBackground(
            java.util.function.Supplier<String> work, java.util.function.Consumer<String> answer) {
        snapshots.execute(() -> {
            String text = work.get();
            thread.offer(() -> answer.accept(text));
        });
    }

    private void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause) && !closing) {
            LOG.error("the server stops: {}", cause.getMessage(), cause);
        }
        // What was not sent yet may come from a state that can't be trusted.
        abort();
        failed.complete(cause);
    }

    /** Every socket goes, at once. */
    private void abort() {
        stopAccepting();
        thread.offer(() -> {
            loop.end();
            endPeers();
            port.abortAll();
        });
    }

    private void stopAccepting() {
        port.stopAccepting();
        Peers peers = loop.peers();
        if (peers != null) {
            peers.stopAccepting();
        }
    }

    private void endPeers() {
        Peers peers = loop.peers();
        if (peers != null) {
            peers.end();
        }
    }

    // ---- for whoever started it

    /** The port that clients connect to. */
    public int port() {
        return address().getPort();
    }

    /** Where clients connect to. */
    public InetSocketAddress address() {
        InetSocketAddress open = address;
        if (open == null) {
            throw new IllegalStateException("the port is not open");
        }
        return open;
    }

    /** The port where Prometheus finds its measures, -1 for nowhere. */
    public int metricsPort() {
        MetricsEndpoint open = endpoint;
        return open == null ? -1 : open.port();
    }

    /** The directory with its snapshots. */
    public Path dataDir() {
        return config.dataDir();
    }

    /** How it waits for its sockets, for people. */
    String transport() {
        return thread.transport();
    }

    /**
     * Completes with the reason when the server has stopped by itself; it has to be closed then.
     */
    public CompletableFuture<Throwable> failed() {
        return failed;
    }

    /** This server's id in its ensemble. */
    public long sid() {
        return config.settings().ensemble().self();
    }

    /** Completes when the server serves clients for the first time. */
    public CompletableFuture<Status> serving() {
        return serving;
    }

    /**
     * How the server is, between two steps.
     *
     * @throws IllegalStateException if it has stopped
     */
    public Status status() {
        CompletableFuture<Status> status = new CompletableFuture<>();
        boolean taken =
                thread.offer(() -> {
                    Peer peer = loop.peer();
                    if (peer != null) {
                        status.complete(peer.status());
                    }
                });
        if (!taken) {
            throw new IllegalStateException("the server has stopped");
        }
        return status.orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
    }

    /**
     * Stops in order: no more connections, no more requests, replies to those that were taken, the
     * log forced; within two seconds. Sessions live on, for the next start. May be called again.
     */
    @Override
    public void close() {
        if (closing) {
            awaitClosed();
            return;
        }
        closing = true;
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        if (audit != null) {
            audit.stopped();
        }
        stopAccepting();
        CountDownLatch drained = new CountDownLatch(1);
        if (failure.get() == null) {
            thread.offer(() -> {
                port.pause();
                loop.whenIdle(drained::countDown);
            });
            await(drained, DRAIN_MILLIS);
        }
        CountDownLatch said = new CountDownLatch(1);
        thread.offer(() -> {
            loop.end();
            endPeers();
            port.closeAll();
            said.countDown();
        });
        await(said, SOCKETS_MILLIS);
        if (!log.stop(LOG_MILLIS)) {
            LOG.warn("the disk takes long to force the log; what was not acknowledged may be lost");
        }
        snapshots.stop(SNAPSHOT_MILLIS);
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        thread.stop(Math.max(SOCKETS_MILLIS, leftMillis));
        unlock();
    }

    /**
     * Stops as a crash would: connections are cut, and what was not forced yet is not forced any
     * more. For tests.
     */
    public void kill() {
        if (closing) {
            awaitClosed();
            return;
        }
        closing = true;
        abort(); // a thread that ends need not close what it still listens to
        thread.stop(TimeUnit.SECONDS.toMillis(START_SECONDS));
        log.abandon(TimeUnit.SECONDS.toMillis(START_SECONDS));
        snapshots.stop(TimeUnit.SECONDS.toMillis(START_SECONDS));
        unlock();
    }

    private void unlock() {
        MetricsEndpoint open = endpoint;
        if (open != null) {
            open.close();
        }
        try {
            dataLock.close();
            if (logLock != null) {
                logLock.close();
            }
        } catch (IOException e) {
            LOG.warn("a lock file can't be closed: {}", "" + e);
        }
        closed.countDown();
    }

    private void awaitClosed() {
        await(closed, TimeUnit.SECONDS.toMillis(START_SECONDS));
    }

    private static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the server was started with. */
    public Config config() {
        return config;
    }

    /** What people should know though the server has started. */
    List<String> warnings() {
        return config.warnings();
    }
}
