package vivarium.properties.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import vivarium.core.Input;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;

/**
 * A client that reads and watches at one server after the other, as the module ReplayWatches leads
 * it. The servers are the core's, as far as clients come to know them; the client, and what is on
 * its way, are this rig's.
 */
final class WatchesRig implements Actors {
    private static final long SESSION = 7;
    private static final int CLIENT_MILLIS = 1_000;
    private final int maxTxns;
    private final int maxReads;
    private final int maxBreaks;
    private final List<String> paths;
    private final List<WatchesServer> servers = new ArrayList<>();
    private final List<String> agreed = new ArrayList<>();

    /** Reads on their way to the server, by their paths. */
    private final ArrayDeque<String> asked = new ArrayDeque<>();

    /** What is on its way to the client. */
    private final ArrayDeque<Word> queue = new ArrayDeque<>();

    /** What the reply showed that began the watch of each path, -1 for none. */
    private final TreeMap<String, Long> watched = new TreeMap<>();

    /** The server, counted from 1, 0 for none. */
    private int at;

    private long connection;
    private long seen;
    private int reads;
    private int breaks;

    /**
     * What a server says to the client.
     *
     * @param zxid what a reply shows, as the count of changes; 0 in an event
     */
    record Word(boolean event, String path, long zxid) {
        String text() {
            return new Text()
                    .with("type", event ? "EVENT" : "REPLY")
                    .with("path", path)
                    .with("z", zxid)
                    .toString();
        }
    }

    WatchesRig(Map<String, String> constants) {
        this.maxTxns = Bounds.number(constants, "MaxTxns");
        this.maxReads = Bounds.number(constants, "MaxReads");
        this.maxBreaks = Bounds.number(constants, "MaxBreaks");
        this.paths = Bounds.elements(constants.getOrDefault("Path", "").replace("\"", ""));
        for (String _ : Bounds.elements(constants.getOrDefault("Server", ""))) {
            servers.add(new WatchesServer(paths, queue));
        }
        paths.forEach(path -> watched.put(path, -1L));
    }

    @Override
    public Set<String> enabled() {
        TreeSet<String> steps = new TreeSet<>();
        addIf(!asked.isEmpty(), "Answer", steps);
        addIf(!queue.isEmpty(), "Hear", steps);
        addIf(at > 0 && breaks < maxBreaks, "Leaves", steps);
        for (String path : paths) {
            addIf(at > 0 && reads < maxReads, "Ask " + path, steps);
            addIf(agreed.size() < maxTxns, "Agree " + path, steps);
        }
        for (int s = 1; s <= servers.size(); s++) {
            WatchesServer server = server(s);
            addIf(server.shown() < agreed.size(), "Apply " + s, steps);
            addIf(at == 0 && !server.refuses(connect()), "Connect " + s, steps);
        }
        return steps;
    }

    private static void addIf(boolean possible, String step, Set<String> steps) {
        if (possible) {
            steps.add(step);
        }
    }

    private WatchesServer server(int s) {
        return servers.get(s - 1);
    }

    /** It has a session, and must not be shown less than it has seen. */
    private Input.Connect connect() {
        long zxid = WatchesServer.zxid(paths.size() + seen);
        return new Input.Connect(
                connection + 1, SESSION, true, CLIENT_MILLIS, zxid, false, List.of());
    }

    @Override
    public void take(String step) {
        String[] words = step.split(" ", -1);
        switch (words[0]) {
            case "Agree" -> agreed.add(words[1]);
            case "Apply" -> {
                WatchesServer server = server(Integer.parseInt(words[1]));
                server.apply(agreed.get((int) server.shown()));
            }
            case "Ask" -> {
                reads++;
                asked.add(words[1]);
            }
            case "Answer" -> server(at).read(connection, asked.remove());
            case "Hear" -> hear(queue.remove());
            case "Leaves" -> {
                breaks++;
                server(at).leave(connection);
                at = 0;
                asked.clear();
                queue.clear();
            }
            case "Connect" -> {
                at = Integer.parseInt(words[1]);
                server(at).welcome(connect());
                connection++;
                setWatches();
            }
            default -> throw new IllegalArgumentException("no such step: " + step);
        }
    }

    /** What it watched goes with the connection: it says so again, before all else. */
    private void setWatches() {
        List<Path> data = new ArrayList<>();
        watched.forEach((path, zxid) -> {
            if (zxid >= 0) {
                data.add(WatchesServer.path(path));
            }
        });
        long zxid = WatchesServer.zxid(paths.size() + seen);
        server(at)
                .ask(
                        connection,
                        new Operation.SetWatches(
                                zxid, data, List.of(), List.of(), List.of(), List.of()));
    }

    private void hear(Word word) {
        long before = watched.getOrDefault(word.path(), -1L);
        if (word.event()) {
            demand(before >= 0, "WatchOnce");
            watched.put(word.path(), -1L);
        } else {
            demand(word.zxid() >= seen, "MonotonicReads");
            seen = Math.max(seen, word.zxid());
            watched.put(word.path(), word.zxid());
        }
    }

    @Override
    public List<String> seen() {
        return servers.stream()
                .map(server ->
                        new Text()
                                .with("shown", server.shown())
                                .with("armed", Text.set(server.armed()))
                                .toString())
                .toList();
    }

    @Override
    public String around() {
        Text views = new Text();
        watched.forEach(views::with);
        return new Text()
                .with(
                        "agreed",
                        Text.sequence(agreed.stream().map(path -> "{" + path + "}").toList()))
                .with("at", at)
                .with("asked", Text.sequence(asked))
                .with("queue", Text.sequence(queue.stream().map(Word::text).toList()))
                .with("seen", seen)
                .with("watched", views.toString())
                .toString();
    }

    @Override
    public void check() {
        watched.forEach((path, zxid) -> {
            boolean told =
                    queue.stream().anyMatch(word -> word.event() && word.path().equals(path));
            demand(
                    at == 0 || zxid < 0 || told || server(at).armed().contains(path),
                    "WatchComplete");
            for (long change = zxid; zxid >= 0 && change < seen; change++) {
                demand(!agreed.get((int) change).equals(path), "WatchBeforeData");
            }
        });
    }

    private static void demand(boolean holds, String property) {
        if (!holds) {
            throw new AssertionError(property + " does not hold");
        }
    }
}
