package vivarium.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Status;
import vivarium.measures.LoopMeasures;
import vivarium.measures.Measures;
import vivarium.measures.Summary;
import vivarium.net.ClientPort;
import vivarium.net.LoopThread;
import vivarium.net.QuorumLinks;
import vivarium.net.Traffic;

/**
 * The measures of a server, in one registry, under ZooKeeper's names where it has the same ones:
 * {@code mntr} and the endpoint for Prometheus show what the registry collects.
 *
 * <p>What is counted lives in plain fields of the loop's thread, so the way of a request pays
 * nothing for the registry: it asks only when somebody looks.
 */
final class Monitoring implements MultiCollector {
    private static final long PATIENCE_SECONDS = 5;

    /** They are fractions, and ZooKeeper shows them with a point even where they are whole. */
    private static final Set<String> FRACTIONS =
            Set.of("avg_latency", "connection_drop_probability");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Clock clock;
    private final LoopThread thread;
    private final long startMillis;
    private final Sources sources;
    private final Summary loadMillis = new Summary();
    private final Summary loadedTxns = new Summary();

    /**
     * Where the values come from.
     *
     * @param peer null as long as it has not begun
     * @param peers null for a server alone
     */
    record Sources(
            java.util.function.Supplier<@Nullable Peer> peer,
            ClientPort port,
            @Nullable Peers peers,
            LoopMeasures loop,
            LogThread log,
            SnapshotThread snapshots) {}

    Monitoring(Clock clock, LoopThread thread, Sources sources) {
        this.clock = clock;
        this.thread = thread;
        this.startMillis = clock.monotonicMillis();
        this.sources = sources;
        registry.register(this);
    }

    /** The server has loaded what its disk holds. */
    void loaded(long millis, long txns) {
        loadMillis.add(millis);
        loadedTxns.add(txns);
    }

    /** Asked by the loop's thread, answers at once; asked by any other, when the loop comes by. */
    @Override
    public MetricSnapshots collect() {
        if (thread.isCurrent()) {
            return collectNow();
        }
        CompletableFuture<MetricSnapshots> collected = new CompletableFuture<>();
        boolean taken =
                thread.offer(() -> {
                    try {
                        collected.complete(collectNow());
                    } catch (RuntimeException | Error e) {
                        collected.completeExceptionally(e);
                    }
                });
        if (!taken) {
            throw new IllegalStateException("the server has stopped");
        }
        return collected.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private MetricSnapshots collectNow() {
        Measures measures = new Measures();
        Peer peer = sources.peer().get();
        Status status = peer == null ? null : peer.status();
        if (status != null) {
            tree(status, measures);
            QuotaMeasures.report(peer.replica().tree().quotas(), measures);
            Peers peers = sources.peers();
            if (peers != null && status.phase() == PhaseName.LEADER_BROADCAST) {
                learners(peers.links(), measures);
            }
        }
        traffic(measures);
        limits(measures);
        process(measures);
        sources.loop().report(measures, status == null || status.alone());
        measures.percentiles("readlatency", sources.port().traffic().readLatency());
        measures.percentiles("updatelatency", sources.port().traffic().writeLatency());
        measures.summary("fsynctime", sources.log().forceMillis());
        measures.summary("sync_processor_batch_size", sources.log().batchSizes());
        measures.summary("snapshottime", sources.snapshots().millis());
        measures.count("snapshot_error_count", sources.snapshots().failures());
        measures.summary("dbinittime", loadMillis);
        measures.summary("startup_txns_loaded", loadedTxns);
        return measures.build();
    }

    private static void learners(QuorumLinks links, Measures measures) {
        measures.gauge("learners", links.learners(true, false) + links.learners(false, false));
        measures.gauge("synced_followers", links.learners(true, true));
        measures.gauge("synced_non_voting_followers", 0);
        measures.gauge("synced_observers", links.learners(false, true));
    }

    private static void tree(Status status, Measures measures) {
        measures.gauge("ephemerals_count", status.ephemeralCount());
        measures.gauge("znode_count", status.nodeCount());
        measures.gauge("approximate_data_size", status.approximateDataSize());
        measures.gauge("watch_count", status.watchCount());
        measures.gauge("global_sessions", status.sessionCount());
        measures.gauge("local_sessions", 0);
        measures.gauge("outstanding_requests", status.outstanding());
    }

    private void traffic(Measures measures) {
        Traffic traffic = sources.port().traffic();
        measures.gauge("num_alive_connections", sources.port().connectionCount());
        measures.gauge("packets_received", traffic.received());
        measures.gauge("packets_sent", traffic.sent());
        measures.count("bytes_received_count", traffic.receivedBytes());
        measures.count("response_bytes", traffic.sentBytes());
        measures.count("client_flush_count", traffic.flushes());
        measures.gauge("min_latency", traffic.latency().minMillis());
        measures.gauge("avg_latency", traffic.latency().meanMillis());
        measures.gauge("max_latency", traffic.latency().maxMillis());
        measures.gauge("last_client_response_size", traffic.lastResponseBytes());
        measures.gauge("min_client_response_size", traffic.minResponseBytes());
        measures.gauge("max_client_response_size", traffic.maxResponseBytes());
        measures.gauge("auth_failed_count", traffic.authFailures());
    }

    private void limits(Measures measures) {
        ClientPort port = sources.port();
        Traffic traffic = port.traffic();
        measures.count("connection_rejected", traffic.rejected());
        measures.count("sessionless_connections_expired", traffic.sessionlessExpired());
        measures.count("connection_request_count", traffic.connectRequests());
        measures.count("connection_revalidate_count", traffic.revalidations());
        measures.count("connection_drop_count", traffic.dropped());
        measures.gauge("connection_drop_probability", port.admission().dropProbability());
        measures.count("request_throttle_wait_count", traffic.throttleWaits());
        measures.count("throttled_ops", traffic.throttledOps());
        measures.count("stale_requests", traffic.stale());
        measures.count("stale_requests_dropped", traffic.staleClosed());
        measures.count("large_requests_rejected", traffic.largeRejected());
    }

    private void process(Measures measures) {
        measures.gauge("uptime", clock.monotonicMillis() - startMillis);
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof UnixOperatingSystemMXBean unix) {
            measures.gauge("open_file_descriptor_count", unix.getOpenFileDescriptorCount());
            measures.gauge("max_file_descriptor_count", unix.getMaxFileDescriptorCount());
        }
    }

    // ---- mntr

    /** What {@code mntr} says. */
    String report(String mode) {
        StringBuilder text = new StringBuilder();
        BiConsumer<String, Object> line =
                (key, value) ->
                        text.append("zk_").append(key).append('\t').append(value).append('\n');
        line.accept("version", Version.full());
        line.accept("server_state", mode);
        if (sources.peers() != null) {
            line.accept(
                    "peer_state",
                    switch (mode) {
                        case "leader" -> "leading - broadcast";
                        case "follower" -> "following - broadcast";
                        case "read-only" -> "looking";
                        default -> "observing - broadcast";
                    });
        }
        for (MetricSnapshot snapshot : registry.scrape()) {
            String name = snapshot.getMetadata().getName();
            switch (snapshot) {
                case GaugeSnapshot gauge -> gauge(name, gauge, line);
                case UnknownSnapshot count ->
                        line.accept(
                                name, number(name, count.getDataPoints().getFirst().getValue()));
                case SummarySnapshot summary -> summary(name, summary, line);
                default -> throw new IllegalStateException("no measure is a " + snapshot);
            }
        }
        return text.toString();
    }

    private static void gauge(String name, GaugeSnapshot gauge, BiConsumer<String, Object> line) {
        for (GaugeDataPointSnapshot point : gauge.getDataPoints()) {
            String key = point.getLabels().get(Measures.KEY);
            line.accept(key == null ? name : key + "_" + name, number(name, point.getValue()));
        }
    }

    private static String number(String name, double value) {
        return FRACTIONS.contains(name)
                ? FourLetterWords.rounded(value)
                : String.format(Locale.ROOT, "%.0f", value);
    }

    private static void summary(
            String name, SummarySnapshot summary, BiConsumer<String, Object> line) {
        var values = summary.getDataPoints().getFirst();
        double mean = values.getCount() == 0 ? 0 : values.getSum() / values.getCount();
        line.accept("avg_" + name, FourLetterWords.rounded(mean));
        for (Quantile quantile : values.getQuantiles()) {
            String key = quantileKey(quantile.getQuantile(), values.getQuantiles().size() > 3);
            if (!key.isEmpty()) {
                line.accept(key + name, number(name, quantile.getValue()));
            }
        }
        line.accept("cnt_" + name, values.getCount());
        line.accept("sum_" + name, number(name, values.getSum()));
    }

    /** Where there are few quantiles ZooKeeper shows the extremes alone. */
    private static String quantileKey(double quantile, boolean all) {
        if (quantile == 0) {
            return "min_";
        }
        if (quantile == 1) {
            return "max_";
        }
        if (!all || quantile == 0.9) {
            return "";
        }
        return quantile == 0.999 ? "p999_" : "p" + Math.round(quantile * 100) + "_";
    }
}
