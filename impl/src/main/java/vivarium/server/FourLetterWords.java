package vivarium.server;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vivarium.core.Ensemble;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Status;
import vivarium.core.session.Clients;
import vivarium.net.ClientPort;
import vivarium.net.ConnectionReport;
import vivarium.net.Latency;
import vivarium.net.OperationName;
import vivarium.net.PeerSettings;
import vivarium.net.Traffic;
import vivarium.net.Words;

/**
 * What operators and their scripts ask by four letters, answered in ZooKeeper's words: others parse
 * them. On the loop's thread, but for what needs the disk.
 */
final class FourLetterWords implements Words {
    /** Every word that ZooKeeper knows, answered here or not. */
    private static final Set<String> ALL =
            Set.of(
                    "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "hash", "isro", "mntr",
                    "ruok", "srst", "srvr", "stat", "stmk", "wchc", "wchp", "wchs");

    private static final String NOT_SERVING =
            "This ZooKeeper instance is not currently serving requests\n";

    private final Config config;
    private final Facts facts;
    private @Nullable Sources sources;

    /**
     * Where the answers come from.
     *
     * @param peer null as long as it does not serve
     * @param peers null for a server alone
     * @param inBackground runs a task on a thread that may wait for the disk, and what that gives
     *     on the loop's
     */
    record Sources(
            java.util.function.Supplier<@Nullable Peer> peer,
            ClientPort port,
            @Nullable Peers peers,
            Background inBackground,
            Monitoring monitoring,
            Listings listings) {}

    /** Work that may wait for the disk. */
    @FunctionalInterface
    interface Background {
        void run(java.util.function.Supplier<String> work, Consumer<String> answer);
    }

    FourLetterWords(Config config, Facts facts) {
        this.config = config;
        this.facts = facts;
    }

    /** From now on there is something to tell. */
    void attach(Sources newSources) {
        sources = newSources;
    }

    @Override
    public boolean knows(String word) {
        return ALL.contains(word);
    }

    @Override
    public boolean takesNumber(String word) {
        return word.equals("stmk");
    }

    @Override
    public void answer(String word, long number, long connection, Consumer<String> answer) {
        if (!config.words().contains("*") && !config.words().contains(word)) {
            answer.accept(word + " is not executed because it is not in the whitelist.\n");
            return;
        }
        Sources from = sources;
        Peer peer = from == null ? null : from.peer().get();
        if (from == null || peer == null || peer.clients() == null) {
            answer.accept(
                    word.equals("ruok") ? "imok" : word.equals("isro") ? "null" : NOT_SERVING);
            return;
        }
        Clients clients = peer.clients();
        if (clients != null && list(word, from, peer, clients, answer)) {
            return;
        }
        switch (word) {
            case "ruok" -> answer.accept("imok");
            case "isro" -> answer.accept(peer.status().readOnly() ? "ro" : "rw");
            case "srvr" -> answer.accept(server(from, peer.status(), ""));
            case "stat" ->
                    answer.accept(server(from, peer.status(), clients(from.port(), connection)));
            case "mntr" -> answer.accept(from.monitoring().report(mode(peer.status())));
            case "envi" -> from.inBackground().run(facts::environment, answer);
            case "conf" -> from.inBackground().run(this::configuration, answer);
            case "dirs" -> from.inBackground().run(this::directories, answer);
            case "cons" -> answer.accept(connections(from.port(), connection));
            case "crst" -> {
                from.port().resetConnectionCounters();
                answer.accept("Connection stats reset.\n");
            }
            case "srst" -> {
                from.port().traffic().reset();
                answer.accept("Server stats reset.\n");
            }
            case "gtmk" -> answer.accept(from.port().tracing().mask() + "");
            case "stmk" -> {
                from.port().tracing().mask(number);
                answer.accept(number + "");
            }
            default -> throw new IllegalStateException("nobody asks for " + word);
        }
    }

    private static boolean list(
            String word, Sources from, Peer peer, Clients clients, Consumer<String> answer) {
        Listings listings = from.listings();
        String text =
                switch (word) {
                    case "dump" -> listings.dump(peer, from.port());
                    case "wchc" -> listings.watchesBySession(clients, from.port());
                    case "wchp" -> listings.watchesByPath(clients, from.port());
                    case "wchs" -> Listings.watches(clients);
                    case "hash" -> Listings.digests(peer);
                    default -> null;
                };
        if (text != null) {
            answer.accept(text);
        }
        return text != null;
    }

    private String server(Sources from, Status status, String clients) {
        Traffic traffic = from.port().traffic();
        Latency latency = traffic.latency();
        return "Zookeeper version: "
                + Version.full()
                + "\n"
                + clients
                + "Latency min/avg/max: "
                + latency.minMillis()
                + "/"
                + rounded(latency.meanMillis())
                + "/"
                + latency.maxMillis()
                + "\nReceived: "
                + traffic.received()
                + "\nSent: "
                + traffic.sent()
                + "\nConnections: "
                + from.port().connectionCount()
                + "\nOutstanding: "
                + status.outstanding()
                + "\nZxid: 0x"
                + Long.toHexString(status.lastProcessedZxid())
                + "\nMode: "
                + mode(status)
                + "\nNode count: "
                + status.nodeCount()
                + "\n";
    }

    /** The word by which operators know a server's part in its ensemble. */
    private String mode(Status status) {
        if (status.readOnly()) {
            return "read-only";
        }
        if (status.alone()) {
            return "standalone";
        }
        if (status.phase() == PhaseName.LEADER_BROADCAST) {
            return "leader";
        }
        Ensemble ensemble = config.settings().ensemble();
        return ensemble.isVoter(ensemble.self()) ? "follower" : "observer";
    }

    private static String clients(ClientPort port, long connection) {
        StringBuilder text = new StringBuilder("Clients:\n");
        for (ConnectionReport report : port.reports()) {
            brief(text, report, connection);
            text.append(")\n");
        }
        return text.append('\n').toString();
    }

    /** The number in brackets says whether more is read from it: that of who asks is not. */
    private static void brief(StringBuilder text, ConnectionReport report, long connection) {
        text.append(" /")
                .append(report.remote().getAddress().getHostAddress())
                .append(':')
                .append(report.remote().getPort())
                .append('[')
                .append(report.number() != connection && report.reading() ? 1 : 0)
                .append("](queued=")
                .append(report.queued())
                .append(",recved=")
                .append(report.received())
                .append(",sent=")
                .append(report.sent());
    }

    private static String connections(ClientPort port, long connection) {
        StringBuilder text = new StringBuilder();
        for (ConnectionReport report : port.reports()) {
            brief(text, report, connection);
            if (report.sessionId() != 0) {
                inDetail(text, report);
            }
            text.append(")\n");
        }
        return text.append('\n').toString();
    }

    private static void inDetail(StringBuilder text, ConnectionReport report) {
        Latency latency = report.latency();
        text.append(",sid=0x")
                .append(Long.toHexString(report.sessionId()))
                .append(",lop=")
                .append(report.lastOperation().letters())
                .append(",est=")
                .append(report.establishedMillis())
                .append(",to=")
                .append(report.timeoutMillis());
        if (report.lastOperation() != OperationName.SESSION) {
            text.append(",lcxid=0x")
                    .append(Integer.toHexString(report.lastCxid()))
                    .append(",lzxid=0x")
                    .append(Long.toHexString(report.lastZxid()));
        }
        text.append(",lresp=")
                .append(report.lastResponseMillis())
                .append(",llat=")
                .append(report.lastLatencyMillis())
                .append(",minlat=")
                .append(latency.minMillis())
                .append(",avglat=")
                .append((long) latency.meanMillis())
                .append(",maxlat=")
                .append(latency.maxMillis());
    }

    private String configuration() {
        StringBuilder text = new StringBuilder();
        BiConsumer<String, Object> line =
                (key, value) -> text.append(key).append('=').append(value).append('\n');
        line.accept("clientPort", facts.port());
        line.accept("secureClientPort", -1);
        line.accept("dataDir", Directories.versioned(config.dataDir()));
        line.accept("dataDirSize", Directories.sizeOf(config.dataDir()));
        line.accept("dataLogDir", Directories.versioned(config.dataLogDir()));
        line.accept("dataLogSize", Directories.sizeOf(config.dataLogDir()));
        line.accept("tickTime", config.settings().timing().tickMillis());
        line.accept("maxClientCnxns", config.port().maxPerAddress());
        line.accept("minSessionTimeout", config.settings().timing().minSessionTimeoutMillis());
        line.accept("maxSessionTimeout", config.settings().timing().maxSessionTimeoutMillis());
        line.accept("clientPortListenBacklog", config.port().backlog());
        PeerSettings peers = config.peers();
        line.accept("serverId", peers == null ? 0 : peers.self());
        if (peers != null) {
            ensemble(peers, line);
            text.append("membership: \n").append(peers.text());
        }
        return text.toString();
    }

    private void ensemble(PeerSettings peers, BiConsumer<String, Object> line) {
        line.accept("initLimit", config.settings().timing().initLimitTicks());
        line.accept("syncLimit", config.settings().timing().syncLimitTicks());
        line.accept("electionAlg", 3);
        line.accept("electionPort", peers.own().addresses().getFirst().electionPort());
        line.accept("quorumPort", peers.own().addresses().getFirst().quorumPort());
        line.accept("peerType", peers.own().voter() ? 0 : 1);
    }

    private String directories() {
        return "datadir_size: "
                + Directories.sizeOf(config.dataDir())
                + "\nlogdir_size: "
                + Directories.sizeOf(config.dataLogDir())
                + "\n";
    }

    /** To four places behind the point at most, and one at least, whatever the locale. */
    static String rounded(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0' && text.charAt(end - 2) != '.') {
            end--;
        }
        return text.substring(0, end);
    }

    /** All words, for whoever lists them. */
    static List<String> all() {
        return ALL.stream().sorted().toList();
    }
}
