package vivarium.properties.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import vivarium.core.PhaseName;
import vivarium.server.Config;
import vivarium.server.ConfigException;
import vivarium.server.EmbeddedServer;

/** An ensemble of our servers inside the JVM of the tests: quick to start. */
public final class EnsembleInProcess implements AutoCloseable {
    private final Path directory;
    private final TreeMap<String, String> settings = new TreeMap<>();
    private final TreeMap<Long, Integer> quorumPorts = new TreeMap<>();
    private final TreeMap<Long, Integer> electionPorts = new TreeMap<>();
    private final TreeMap<Long, Integer> clientPorts = new TreeMap<>();
    private final TreeMap<Long, EmbeddedServer> servers = new TreeMap<>();

    private boolean recording;

    /** So many voters; none is started. */
    public EnsembleInProcess(Path directory, int voters) {
        this.directory = directory;
        FreePorts ports = new FreePorts();
        settings.put("tickTime", "200");
        settings.put("initLimit", "50");
        settings.put("syncLimit", "20");
        settings.put("preAllocSize", "1024");
        for (long sid = 1; sid <= voters; sid++) {
            quorumPorts.put(sid, ports.next());
            electionPorts.put(sid, ports.next());
            clientPorts.put(sid, ports.next());
            settings.put(
                    "server." + sid,
                    "127.0.0.1:" + quorumPorts.get(sid) + ":" + electionPorts.get(sid));
        }
    }

    /** Sets a key for servers that are started from now on. */
    public EnsembleInProcess with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** Servers that are started from now on record what happens to them. */
    public EnsembleInProcess recording() {
        recording = true;
        return this;
    }

    /** Where the last start of a server has recorded what happened to it. */
    public Path recordOf(long sid) {
        return directory.resolve("record" + sid);
    }

    public EnsembleInProcess startAll() throws IOException, ConfigException {
        for (long sid : clientPorts.keySet()) {
            start(sid);
        }
        return this;
    }

    public void start(long sid) throws IOException, ConfigException {
        Path data = directory.resolve("data" + sid);
        Files.createDirectories(data);
        Files.writeString(data.resolve("myid"), "" + sid);
        Map<String, String> own = new TreeMap<>(settings);
        own.put("dataDir", data.toString());
        own.put("clientPort", "" + clientPorts.get(sid));
        own.put("clientPortAddress", "127.0.0.1");
        if (recording) {
            own.put("vivarium.record", recordOf(sid).toString());
        }
        servers.put(sid, EmbeddedServer.start(Config.of(own)));
    }

    public EmbeddedServer server(long sid) {
        EmbeddedServer server = servers.get(sid);
        if (server == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return server;
    }

    /** Ends it as a crash would. */
    public void kill(long sid) {
        EmbeddedServer server = servers.remove(sid);
        if (server != null) {
            server.kill();
        }
    }

    public int quorumPort(long sid) {
        return port(quorumPorts, sid);
    }

    public int electionPort(long sid) {
        return port(electionPorts, sid);
    }

    private static int port(Map<Long, Integer> ports, long sid) {
        Integer port = ports.get(sid);
        if (port == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return port;
    }

    /** Waits until all that run serve. */
    public EnsembleInProcess awaitSettled() throws Exception {
        Await.until(
                "all serve",
                Duration.ofSeconds(60),
                () ->
                        servers.values().stream()
                                .allMatch(server -> server.status().phase().isServing()));
        return this;
    }

    /** The server that leads now. */
    public long leader() {
        for (Map.Entry<Long, EmbeddedServer> server : servers.entrySet()) {
            if (server.getValue().status().phase() == PhaseName.LEADER_BROADCAST) {
                return server.getKey();
            }
        }
        throw new AssertionError("nobody leads");
    }

    public String connectString() {
        return clientPorts.values().stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        servers.values().forEach(EmbeddedServer::close);
    }
}
