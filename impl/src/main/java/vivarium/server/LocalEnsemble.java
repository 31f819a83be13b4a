package vivarium.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/**
 * A whole ensemble in this process, to try out: each server has a thread, a data directory and
 * ports of its own, and talks to the others over TCP as anywhere else.
 */
final class LocalEnsemble implements AutoCloseable {
    private final List<EmbeddedServer> servers;

    private LocalEnsemble(List<EmbeddedServer> servers) {
        this.servers = servers;
    }

    /**
     * Starts servers 1 to {@code count}, on the loopback address.
     *
     * @param dataDir each server's directory is in there, by its id
     * @param firstPort the port for clients of server 1, followed by those of the others; 0 takes
     *     free ones
     * @param flags keys of {@code zoo.cfg} for all of them
     */
    static LocalEnsemble start(int count, Path dataDir, int firstPort, Map<String, String> flags)
            throws IOException, ConfigException {
        Map<String, String> common = new LinkedHashMap<>();
        common.put("tickTime", "2000");
        common.put("initLimit", "10");
        common.put("syncLimit", "5");
        common.putAll(flags);
        List<Integer> ports = freePorts(2 * count);
        for (int sid = 1; sid <= count; sid++) {
            common.put(
                    "server." + sid,
                    "localhost:" + ports.get(2 * sid - 2) + ":" + ports.get(2 * sid - 1));
        }
        List<EmbeddedServer> started = new ArrayList<>();
        try {
            for (int sid = 1; sid <= count; sid++) {
                int port = firstPort == 0 ? 0 : firstPort + sid - 1;
                started.add(startOne(sid, dataDir.resolve("" + sid), port, common));
            }
        } catch (IOException | ConfigException | RuntimeException | Error e) {
            new LocalEnsemble(started).close();
            throw e;
        }
        return new LocalEnsemble(List.copyOf(started));
    }

    private static EmbeddedServer startOne(
            int sid, Path dataDir, int port, Map<String, String> common)
            throws IOException, ConfigException {
        Map<String, String> own = new LinkedHashMap<>(common);
        own.put("dataDir", dataDir.toString());
        own.put("clientPort", "" + port);
        own.putIfAbsent("clientPortAddress", "localhost");
        Files.createDirectories(dataDir);
        Files.writeString(dataDir.resolve("myid"), sid + "\n");
        return EmbeddedServer.start(Config.of(null, own, new Properties()));
    }

    /** All at once, so that none is given twice. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    List<EmbeddedServer> servers() {
        return servers;
    }

    /** Completes when all servers serve. */
    CompletableFuture<Void> serving() {
        return CompletableFuture.allOf(
                servers.stream().map(EmbeddedServer::serving).toArray(CompletableFuture<?>[]::new));
    }

    /** Completes with the reason when one of them has stopped by itself. */
    CompletableFuture<Object> failed() {
        return CompletableFuture.anyOf(
                servers.stream().map(EmbeddedServer::failed).toArray(CompletableFuture<?>[]::new));
    }

    /** Stops all, each in order. */
    @Override
    public void close() {
        List<Thread> stops = new ArrayList<>();
        for (EmbeddedServer server : servers) {
            stops.add(
                    Thread.ofPlatform().name("vivarium-stop-" + server.sid()).start(server::close));
        }
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
