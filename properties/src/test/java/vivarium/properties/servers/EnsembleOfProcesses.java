package vivarium.properties.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** An ensemble on this machine, of servers of either brand or of both. */
public final class EnsembleOfProcesses implements AutoCloseable {
    /** A tick, and how many of them a server may be silent. */
    public static final long TICK_MILLIS = 500;

    public static final long SYNC_LIMIT = 6;

    private static final Duration SETTLING = Duration.ofSeconds(60);

    private final TreeMap<Long, MemberProcess> members = new TreeMap<>();
    private final TreeMap<String, String> settings = new TreeMap<>();

    /** What lies between servers, where something does. */
    private final TreeMap<String, LinkProxy> proxies = new TreeMap<>();

    /** Servers 1 to {@code voters}, and behind them so many observers; none is started. */
    public EnsembleOfProcesses(Path directory, int voters, int observers) {
        FreePorts ports = new FreePorts();
        for (long sid = 1; sid <= voters + observers; sid++) {
            members.put(sid, new MemberProcess(sid, sid > voters, directory, ports));
        }
        settings.put("tickTime", "" + TICK_MILLIS);
        settings.put("initLimit", "20");
        settings.put("syncLimit", "" + SYNC_LIMIT);
        settings.put("minSessionTimeout", "500");
        settings.put("maxClientCnxns", "0");
        settings.put("4lw.commands.whitelist", "*");
        settings.put("preAllocSize", "1024");
    }

    /** Sets a key for servers that are started from now on. */
    public EnsembleOfProcesses with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    public MemberProcess member(long sid) {
        MemberProcess member = members.get(sid);
        if (member == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return member;
    }

    public List<MemberProcess> members() {
        return List.copyOf(members.values());
    }

    /** Gives each server that is started from now on a network of its own. */
    public EnsembleOfProcesses in(Namespaces networks) {
        for (MemberProcess member : members.values()) {
            member.place(networks.address(member.sid()), networks.prefix(member.sid()));
        }
        return this;
    }

    /** Puts something that can fail between any two servers that are started from now on. */
    public EnsembleOfProcesses throughProxies() {
        for (MemberProcess from : members.values()) {
            for (MemberProcess to : members.values()) {
                if (from != to) {
                    proxies.put(way(from.sid(), to.sid(), false), new LinkProxy(to.quorumPort()));
                    proxies.put(way(from.sid(), to.sid(), true), new LinkProxy(to.electionPort()));
                }
            }
        }
        return this;
    }

    private static String way(long from, long to, boolean election) {
        return from + (election ? " votes " : " learns ") + to;
    }

    /** What lies between two servers, whichever of them connects. */
    public List<LinkProxy> between(long one, long other) {
        var all = new ArrayList<LinkProxy>();
        for (boolean election : new boolean[] {false, true}) {
            all.add(proxy(one, other, election));
            all.add(proxy(other, one, election));
        }
        return all;
    }

    private LinkProxy proxy(long from, long to, boolean election) {
        LinkProxy proxy = proxies.get(way(from, to, election));
        if (proxy == null) {
            throw new IllegalStateException("nothing lies between servers here");
        }
        return proxy;
    }

    /** The configuration of the members, as {@code reader} has it. */
    private List<String> lines(MemberProcess reader) {
        var lines = new ArrayList<String>();
        for (MemberProcess member : members.values()) {
            lines.add(
                    member == reader || proxies.isEmpty()
                            ? member.line()
                            : member.line(
                                    proxy(reader.sid(), member.sid(), false).port(),
                                    proxy(reader.sid(), member.sid(), true).port()));
        }
        return lines;
    }

    public void start(long sid, Brand brand) {
        member(sid).start(brand, lines(member(sid)), settings);
    }

    public void startAll(Brand brand) {
        members.keySet().forEach(sid -> start(sid, brand));
    }

    /** Waits until every server that runs serves, under one leader. */
    public void awaitSettled() throws Exception {
        try {
            Await.until("one leads and the others learn", SETTLING, this::isSettled);
        } catch (AssertionError e) {
            throw new AssertionError(said(), e);
        }
    }

    private boolean isSettled() {
        int leaders = 0;
        for (MemberProcess member : members.values()) {
            if (!member.isRunning()) {
                continue;
            }
            String mode = member.mode();
            if (mode.isEmpty()) {
                return false;
            }
            leaders += mode.equals("leader") ? 1 : 0;
        }
        return leaders == 1;
    }

    /** The server that leads now. */
    public MemberProcess leader() {
        for (MemberProcess member : members.values()) {
            if (member.isRunning() && member.mode().equals("leader")) {
                return member;
            }
        }
        throw new AssertionError("nobody leads\n" + said());
    }

    /** What every server said, for whoever has to find out what went wrong. */
    public String said() {
        return members.values().stream()
                .map(member -> "---- server " + member.sid() + "\n" + member.said())
                .collect(Collectors.joining("\n"));
    }

    /** Where clients find the voters. */
    public String connectString() {
        return members.values().stream()
                .filter(member -> !member.isObserver())
                .map(EnsembleOfProcesses::connectString)
                .collect(Collectors.joining(","));
    }

    private static String connectString(MemberProcess member) {
        return member.clientAddress().getHostString() + ":" + member.clientPort();
    }

    public ZooKeeper client() throws Exception {
        return RunningServer.connect(connectString(), 10_000);
    }

    public ZooKeeper clientOf(long sid) throws Exception {
        return RunningServer.connect(connectString(member(sid)), 10_000);
    }

    /** All that a client sees of a server's tree, once it has caught up with the leader. */
    public Map<String, String> treeOf(long sid) throws Exception {
        ZooKeeper client = clientOf(sid);
        try {
            client.sync("/", (_, _, _) -> {}, null);
            return collect(client);
        } finally {
            client.close();
        }
    }

    /** A znode as a client sees it. */
    private record Seen(String text, int children) {}

    /** Level by level, all of a level asked at once. */
    private Map<String, String> collect(ZooKeeper client) throws Exception {
        Map<String, String> tree = new TreeMap<>();
        List<String> level = List.of("/");
        while (!level.isEmpty()) {
            Map<String, CompletableFuture<Seen>> asked = new LinkedHashMap<>();
            for (String path : level) {
                // Where something lies between servers, each is told of the others in words of its
                // own.
                if (!path.equals("/zookeeper/config") || proxies.isEmpty()) {
                    asked.put(path, ask(client, path));
                }
            }
            List<String> next = new ArrayList<>();
            for (Map.Entry<String, CompletableFuture<Seen>> answer : asked.entrySet()) {
                String path = answer.getKey();
                Seen seen = answer.getValue().get(SETTLING.toSeconds(), TimeUnit.SECONDS);
                tree.put(path, seen.text());
                if (seen.children() > 0) {
                    for (String child : client.getChildren(path, false)) {
                        next.add(path.equals("/") ? "/" + child : path + "/" + child);
                    }
                }
            }
            level = next;
        }
        return tree;
    }

    private static CompletableFuture<Seen> ask(ZooKeeper client, String path) {
        CompletableFuture<Seen> answer = new CompletableFuture<>();
        client.getData(
                path,
                false,
                (code, _, _, data, stat) -> {
                    if (code == KeeperException.Code.OK.intValue()) {
                        answer.complete(seen(path, data, stat));
                    } else {
                        answer.completeExceptionally(
                                KeeperException.create(KeeperException.Code.get(code), path));
                    }
                },
                null);
        return answer;
    }

    private static Seen seen(String path, byte @Nullable [] data, Stat stat) {
        if (path.equals("/zookeeper/config")) {
            stat.setMtime(0); // Apache's servers say when they started
        }
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        return new Seen(stat.toString().strip() + " " + text, stat.getNumChildren());
    }

    /** Fails unless all servers that run show the same tree. */
    public void assertAllEqual() throws Exception {
        var trees = new ArrayList<Map<String, String>>();
        for (MemberProcess member : members.values()) {
            if (member.isRunning()) {
                trees.add(treeOf(member.sid()));
                if (!trees.getFirst().equals(trees.getLast())) {
                    throw new AssertionError(
                            "server "
                                    + member.sid()
                                    + " shows\n"
                                    + trees.getLast()
                                    + "\ninstead of\n"
                                    + trees.getFirst()
                                    + "\n"
                                    + said());
                }
            }
        }
    }

    /**
     * Fails unless all servers that run show the same tree within a while: what a client sent
     * before it gave up may still be under way.
     */
    public void awaitAllEqual() throws Exception {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        while (true) {
            try {
                assertAllEqual();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        members.values().forEach(MemberProcess::kill);
        for (LinkProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
