package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.measures.Distribution;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.ApacheServer;
import vivarium.properties.servers.Settings;
import vivarium.server.Config;
import vivarium.server.ConfigException;
import vivarium.server.EmbeddedServer;

/** What a server tells of itself in numbers: mntr, and what Prometheus is given. */
class MeasuresTest {
    private static final String PROVIDER =
            "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";

    @TempDir Path dir = Path.of("");

    private EmbeddedServer start(Map<String, String> settings) throws IOException, ConfigException {
        var all = new TreeMap<>(Settings.standard().values());
        all.putAll(settings);
        all.put("dataDir", dir.resolve("vivarium").toString());
        all.put("clientPort", "0");
        all.put("clientPortAddress", "127.0.0.1");
        return EmbeddedServer.start(Config.of(all));
    }

    private static Map<String, String> mntr(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("mntr".getBytes(StandardCharsets.US_ASCII));
            String text =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .map(line -> line.split("\t", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        }
    }

    /** The names of measures, without what is before and behind those of summaries. */
    private static Set<String> bases(Set<String> keys) {
        return keys.stream()
                .map(key -> key.replaceFirst("^zk_", ""))
                .filter(key -> !key.endsWith("_per_namespace"))
                .map(key ->
                        key.startsWith("avg_latency")
                                        || key.matches("(min|max)_(latency|client_.*)")
                                        || key.startsWith("max_file")
                                ? key
                                : key.replaceFirst("^(avg|min|max|cnt|sum|p50|p95|p99|p999)_", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theMeasuresThatApachesServerHasAndThisOneHasNotAreThoseOfTheDocs() throws Exception {
        var apache = new ApacheServer(dir.resolve("apache"), Settings.standard());
        apache.start();
        try (EmbeddedServer server = start(Map.of())) {
            Map<String, String> theirs = mntr(apache.port());
            Map<String, String> ours = mntr(server.port());
            Set<String> missing = bases(theirs.keySet());
            missing.removeAll(bases(ours.keySet()));
            assertEquals(missingByTheDocs(), missing);
            Set<String> shown = new TreeSet<>(ours.keySet());
            shown.removeAll(theirs.keySet());
            assertEquals(
                    Set.of("zk_client_flush_count"),
                    shown,
                    "each of ours but one is one of theirs, percentiles included");
        } finally {
            apache.stop();
        }
    }

    private static void quota(RawClient client, String path, String limits) throws IOException {
        String home = "/zookeeper/quota" + path;
        byte[] text = limits.getBytes(StandardCharsets.UTF_8);
        client.call(Op.CREATE, Requests.create(home, 0));
        var create = Requests.create(home + "/zookeeper_limits", text, AclEntry.OPEN, 0);
        assertEquals(0, client.call(Op.CREATE, create).err());
        assertEquals(
                0, client.call(Op.CREATE, Requests.create(home + "/zookeeper_stats", 0)).err());
    }

    /** The lines about quotas of a server with some, and with znodes that count for them. */
    private static Map<String, String> ofQuotas(int port) throws IOException {
        try (RawClient client = RawClient.newSession(port)) {
            for (String path : new String[] {"/a", "/a/x", "/b", "/c"}) {
                var create = Requests.create(path, new byte[7], AclEntry.OPEN, 0);
                assertEquals(0, client.call(Op.CREATE, create).err());
            }
            quota(client, "/a", "count=5,bytes=100");
            quota(client, "/b", "count=9,bytes=-1=;byteHardLimit=50;countHardLimit=8");
            quota(client, "/c", "count=-1,bytes=-1");
            var quotas = new TreeMap<>(mntr(port));
            quotas.keySet().removeIf(key -> !key.contains("_quota_"));
            client.call(Op.CLOSE_SESSION, new JuteOut());
            return quotas;
        }
    }

    @Test
    void quotasAndWhatIsUsedOfThemAreToldAsByApachesServer() throws Exception {
        var apache = new ApacheServer(dir.resolve("apache"), Settings.standard());
        apache.start();
        try (EmbeddedServer server = start(Map.of())) {
            Map<String, String> theirs = ofQuotas(apache.port());
            assertEquals("8", theirs.get("zk_b_quota_count_limit_per_namespace"), theirs::toString);
            assertEquals(theirs, ofQuotas(server.port()));
        } finally {
            apache.stop();
        }
    }

    private static Set<String> missingByTheDocs() throws IOException {
        Path file = Path.of("").toAbsolutePath().resolveSibling("docs").resolve("measures.md");
        String text = Files.readString(file);
        String table = text.substring(text.indexOf("## Missing"));
        Matcher name = Pattern.compile("`([a-z_]+)`").matcher(table);
        Set<String> names = new TreeSet<>();
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    @Test
    void prometheusIsGivenTheSameNumbersAsMntrUnderZooKeepersNames() throws Exception {
        try (EmbeddedServer server =
                        start(
                                Map.of(
                                        "metricsProvider.className", PROVIDER,
                                        "metricsProvider.httpHost", "127.0.0.1",
                                        "metricsProvider.httpPort", "0"));
                RawClient client = RawClient.newSession(server.port())) {
            client.call(Op.CREATE, Requests.create("/watched", 0));
            client.call(Op.GET_DATA, Requests.read("/watched", true));
            client.call(Op.SET_DATA, Requests.setData("/watched", new byte[10], -1));
            Map<String, String> mntr = mntr(server.port());
            String scraped = scrape(server.metricsPort());
            for (String key : new String[] {"znode_count", "global_sessions", "watch_count"}) {
                assertEquals(
                        Double.parseDouble(String.valueOf(mntr.get("zk_" + key))),
                        value(scraped, key),
                        key);
            }
            double writes = Double.parseDouble(String.valueOf(mntr.get("zk_cnt_updatelatency")));
            assertTrue(writes >= 2, () -> "" + writes);
            assertEquals(writes, value(scraped, "updatelatency_count"));
            assertEquals(1, value(scraped, "node_changed_watch_count_sum"));
            assertTrue(value(scraped, "fsynctime_count") > 0);
            assertTrue(value(scraped, "propagation_latency_count") >= 3);
            assertTrue(value(scraped, "updatelatency\\{quantile=\"0.99\"\\}") >= 0);
            assertTrue(value(scraped, "jvm_memory_bytes_used\\{area=\"heap\"\\}") > 0);
            assertTrue(value(scraped, "process_cpu_seconds_total") > 0);
            client.call(Op.CLOSE_SESSION, new JuteOut());
        }
    }

    @Test
    void whatTheJvmTellsOfItselfCanBeLeftOut() throws Exception {
        try (EmbeddedServer server =
                start(
                        Map.of(
                                "metricsProvider.className", PROVIDER,
                                "metricsProvider.httpHost", "127.0.0.1",
                                "metricsProvider.httpPort", "0",
                                "metricsProvider.exportJvmInfo", "false"))) {
            String scraped = scrape(server.metricsPort());
            assertTrue(scraped.contains("\nznode_count "), scraped);
            assertTrue(!scraped.contains("jvm_"), scraped);
        }
    }

    @Test
    void anotherProviderThanPrometheusIsRefused() {
        var values = Map.of("dataDir", "x", "metricsProvider.className", "org.example.Provider");
        assertThrows(ConfigException.class, () -> Config.of(values));
    }

    private static String scrape(int port) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
            var answer =
                    http.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            return answer.body();
        }
    }

    private static double value(String scraped, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(scraped);
        assertTrue(line.find(), () -> name + " is not in " + scraped);
        return Double.parseDouble(line.group(1));
    }

    @Test
    void quantilesAreRightToAnEighth() {
        var random = new SplittableRandom(7);
        for (int round = 0; round < 50; round++) {
            Distribution values = new Distribution();
            long[] all = new long[1 + random.nextInt(2_000)];
            int bits = 1 + random.nextInt(45);
            for (int i = 0; i < all.length; i++) {
                all[i] = random.nextLong(1L << bits);
                values.add(all[i]);
            }
            Arrays.sort(all);
            for (double quantile : new double[] {0.5, 0.95, 0.99, 0.999, 1}) {
                long exact = all[(int) Math.ceil(quantile * all.length) - 1];
                long found = values.quantile(quantile);
                assertTrue(
                        found >= exact && found <= exact + exact / 8,
                        () -> quantile + ": " + found + " instead of " + exact);
            }
            assertEquals(all[0], values.min());
            assertEquals(all[all.length - 1], values.max());
            assertEquals(all.length, values.count());
        }
    }
}
