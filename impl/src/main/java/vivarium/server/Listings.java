package vivarium.server;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import vivarium.core.Peer;
import vivarium.core.SnapshotHead;
import vivarium.core.session.Clients;
import vivarium.core.session.Expiry;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Path;
import vivarium.core.watch.WatchMode;
import vivarium.net.ClientPort;
import vivarium.net.ConnectionReport;

/**
 * The four-letter words that list what a server holds: sessions, ephemerals, connections, watches.
 * They take as long as there is much to list, on the loop's thread.
 */
final class Listings {
    private static final DateTimeFormatter END =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.ENGLISH)
                    .withZone(ZoneId.systemDefault());

    private final Clock clock;

    Listings(Clock clock) {
        this.clock = clock;
    }

    /** Sessions and when they end, who owns which ephemerals, and the connections. */
    String dump(Peer peer, ClientPort port) {
        StringBuilder text = new StringBuilder("SessionTracker dump:\n");
        Expiry expiry = peer.expiry();
        if (expiry == null) {
            sessions(text, peer.replica().sessions());
        } else {
            sessions(text, expiry);
        }
        ephemerals(text.append("ephemeral nodes dump:\n"), peer.replica().tree());
        connections(text.append("Connections dump:\n"), port);
        return text.toString();
    }

    /** Where another server ends the sessions, this one knows no more than that there are some. */
    private static void sessions(StringBuilder text, List<SnapshotHead.SessionEntry> sessions) {
        text.append("Global Sessions(").append(sessions.size()).append("):\n");
        for (SnapshotHead.SessionEntry session : sessions) {
            text.append(hex(session.id()))
                    .append('\t')
                    .append(session.timeoutMillis())
                    .append("ms\n");
        }
    }

    private void sessions(StringBuilder text, Expiry expiry) {
        SortedMap<Long, List<Long>> ends = expiry.ends();
        SortedMap<Long, List<String>> lines = new TreeMap<>();
        ends.forEach(
                (endMillis, ids) -> lines.put(endMillis, ids.stream().map(Listings::hex).toList()));
        buckets(text, "Session", lines);
    }

    private void buckets(StringBuilder text, String of, SortedMap<Long, List<String>> lines) {
        int all = lines.values().stream().mapToInt(List::size).sum();
        text.append(of).append(" Sets (").append(lines.size()).append(")/(").append(all);
        text.append("):\n");
        long offsetMillis = clock.wallMillis() - clock.monotonicMillis();
        for (Map.Entry<Long, List<String>> bucket : lines.entrySet()) {
            text.append(bucket.getValue().size())
                    .append(" expire at ")
                    .append(END.format(Instant.ofEpochMilli(bucket.getKey() + offsetMillis)))
                    .append(":\n");
            bucket.getValue().forEach(line -> text.append('\t').append(line).append('\n'));
        }
    }

    private static void ephemerals(StringBuilder text, DataTree tree) {
        long[] owners = tree.ephemeralOwners();
        text.append("Sessions with Ephemerals (").append(owners.length).append("):\n");
        for (long owner : owners) {
            text.append(hex(owner)).append(":\n");
            for (Path path : tree.ephemeralsOf(owner)) {
                text.append('\t').append(path).append('\n');
            }
        }
    }

    /** By the time at which each would be closed if nothing more came from its client. */
    private void connections(StringBuilder text, ClientPort port) {
        long grainMillis = port.sessionlessMillis();
        SortedMap<Long, List<String>> lines = new TreeMap<>();
        for (ConnectionReport report : port.reports()) {
            long patienceMillis = report.sessionId() == 0 ? grainMillis : report.timeoutMillis();
            long endMillis =
                    (Math.floorDiv(report.heardMillis() + patienceMillis, grainMillis) + 1)
                            * grainMillis;
            lines.computeIfAbsent(endMillis, _ -> new ArrayList<>())
                    .add("ip: " + report.remote() + " sessionId: " + hex(report.sessionId()));
        }
        buckets(text, "Connections", lines);
    }

    /** Sessions, and the paths that each watches. */
    String watchesBySession(Clients clients, ClientPort port) {
        Map<Long, Long> sessions = sessionsOf(port);
        SortedMap<Long, List<String>> lines = new TreeMap<>();
        clients.watches()
                .read(
                        WatchMode.DATA_TABLE,
                        (path, connections) -> {
                            for (long connection : connections) {
                                lines.computeIfAbsent(
                                                sessions.getOrDefault(connection, 0L),
                                                _ -> new ArrayList<>())
                                        .add(path.toString());
                            }
                        });
        StringBuilder text = new StringBuilder();
        lines.forEach((session, paths) -> group(text, hex(session), paths));
        return text.append('\n').toString();
    }

    /** Paths, and the sessions that watch each. */
    String watchesByPath(Clients clients, ClientPort port) {
        Map<Long, Long> sessions = sessionsOf(port);
        StringBuilder text = new StringBuilder();
        clients.watches()
                .read(
                        WatchMode.DATA_TABLE,
                        (path, connections) -> {
                            List<String> watching = new ArrayList<>();
                            for (long connection : connections) {
                                watching.add(hex(sessions.getOrDefault(connection, 0L)));
                            }
                            group(text, path.toString(), watching);
                        });
        return text.append('\n').toString();
    }

    private static void group(StringBuilder text, String head, List<String> lines) {
        text.append(head).append('\n');
        lines.forEach(line -> text.append('\t').append(line).append('\n'));
    }

    private static Map<Long, Long> sessionsOf(ClientPort port) {
        Map<Long, Long> sessions = new TreeMap<>();
        for (ConnectionReport report : port.reports()) {
            sessions.put(report.number(), report.sessionId());
        }
        return sessions;
    }

    /** How many connections watch how many paths. */
    static String watches(Clients clients) {
        Sum sum = new Sum();
        clients.watches().read(WatchMode.DATA_TABLE, (_, connections) -> sum.add(connections));
        return sum.connections.size()
                + " connections watching "
                + sum.paths
                + " paths\nTotal watches:"
                + sum.watches
                + "\n";
    }

    private static final class Sum {
        private final Set<Long> connections = new HashSet<>();
        private int paths;
        private int watches;

        void add(long[] watching) {
            paths++;
            watches += watching.length;
            for (long connection : watching) {
                connections.add(connection);
            }
        }
    }

    /** The digests that the tree had at the round zxids before. */
    static String digests(Peer peer) {
        StringBuilder text = new StringBuilder();
        peer.replica()
                .digestLog()
                .read((zxid, digest) ->
                        text.append(Long.toHexString(zxid))
                                .append(": ")
                                .append(digest)
                                .append('\n'));
        return text.toString();
    }

    private static String hex(long id) {
        return "0x" + Long.toHexString(id);
    }
}
