package vivarium.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.BiConsumer;
import vivarium.core.Status;
import vivarium.net.ClientPort;
import vivarium.net.Latency;
import vivarium.net.QuorumLinks;
import vivarium.net.Traffic;

/** The measures that {@code mntr} reports, under ZooKeeper's names where it has the same one. */
final class Monitoring {
    private final Clock clock;
    private final long startMillis;
    private final Summary forceMillis;
    private final Summary batchSizes;
    private final Summary snapshotMillis;
    private final Summary loadMillis = new Summary();
    private final Summary loadedTxns = new Summary();

    Monitoring(Clock clock, Summary forceMillis, Summary batchSizes, Summary snapshotMillis) {
        this.clock = clock;
        this.startMillis = clock.monotonicMillis();
        this.forceMillis = forceMillis;
        this.batchSizes = batchSizes;
        this.snapshotMillis = snapshotMillis;
    }

    /** The server has loaded what its disk holds. */
    void loaded(long millis, long txns) {
        loadMillis.add(millis);
        loadedTxns.add(txns);
    }

    String report(String mode, Status status, FourLetterWords.Sources from) {
        ClientPort port = from.port();
        StringBuilder text = new StringBuilder();
        BiConsumer<String, Object> line =
                (key, value) ->
                        text.append("zk_").append(key).append('\t').append(value).append('\n');
        line.accept("version", Version.full());
        line.accept("server_state", mode);
        Peers peers = from.peers();
        if (peers != null) {
            ensemble(mode, peers.links(), line);
        }
        tree(status, line);
        traffic(port, line);
        process(line);
        latencies(port.traffic(), line);
        forceMillis.report("fsynctime", line);
        batchSizes.report("sync_processor_batch_size", line);
        snapshotMillis.report("snapshottime", line);
        loadMillis.report("dbinittime", line);
        loadedTxns.report("startup_txns_loaded", line);
        return text.toString();
    }

    private static void ensemble(String mode, QuorumLinks links, BiConsumer<String, Object> line) {
        line.accept(
                "peer_state",
                switch (mode) {
                    case "leader" -> "leading - broadcast";
                    case "follower" -> "following - broadcast";
                    default -> "observing - broadcast";
                });
        if (!mode.equals("leader")) {
            return;
        }
        int followers = links.learners(true, true);
        int observers = links.learners(false, true);
        line.accept("learners", links.learners(true, false) + links.learners(false, false));
        line.accept("synced_followers", followers);
        line.accept("synced_non_voting_followers", 0);
        line.accept("synced_observers", observers);
        line.accept("followers", links.learners(true, false));
    }

    private static void tree(Status status, BiConsumer<String, Object> line) {
        line.accept("ephemerals_count", status.ephemeralCount());
        line.accept("znode_count", status.nodeCount());
        line.accept("approximate_data_size", status.approximateDataSize());
        line.accept("watch_count", status.watchCount());
        line.accept("global_sessions", status.sessionCount());
        line.accept("local_sessions", 0);
        line.accept("outstanding_requests", status.outstanding());
    }

    private static void traffic(ClientPort port, BiConsumer<String, Object> line) {
        Traffic traffic = port.traffic();
        Latency latency = traffic.latency();
        line.accept("num_alive_connections", port.connectionCount());
        line.accept("packets_received", traffic.received());
        line.accept("packets_sent", traffic.sent());
        line.accept("bytes_received_count", traffic.receivedBytes());
        line.accept("min_latency", latency.minMillis());
        line.accept("avg_latency", FourLetterWords.rounded(latency.meanMillis()));
        line.accept("max_latency", latency.maxMillis());
        line.accept("last_client_response_size", traffic.lastResponseBytes());
        line.accept("min_client_response_size", traffic.minResponseBytes());
        line.accept("max_client_response_size", traffic.maxResponseBytes());
        line.accept("auth_failed_count", traffic.authFailures());
        line.accept("connection_rejected", traffic.rejected());
        line.accept("sessionless_connections_expired", traffic.sessionlessExpired());
    }

    private void process(BiConsumer<String, Object> line) {
        line.accept("uptime", clock.monotonicMillis() - startMillis);
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof UnixOperatingSystemMXBean unix) {
            line.accept("open_file_descriptor_count", unix.getOpenFileDescriptorCount());
            line.accept("max_file_descriptor_count", unix.getMaxFileDescriptorCount());
        }
    }

    private static void latencies(Traffic traffic, BiConsumer<String, Object> line) {
        latency("readlatency", traffic.readLatency(), line);
        latency("updatelatency", traffic.writeLatency(), line);
    }

    private static void latency(String key, Latency latency, BiConsumer<String, Object> line) {
        line.accept("avg_" + key, FourLetterWords.rounded(latency.meanMillis()));
        line.accept("min_" + key, latency.minMillis());
        line.accept("max_" + key, latency.maxMillis());
        line.accept("cnt_" + key, latency.count());
        line.accept("sum_" + key, latency.totalMillis());
    }
}
