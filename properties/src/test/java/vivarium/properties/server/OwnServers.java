package vivarium.properties.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.RawClient;
import vivarium.server.Config;
import vivarium.server.ConfigException;
import vivarium.server.EmbeddedServer;

/** Tests that start servers of their own, with settings of their own, and have them closed. */
abstract class OwnServers {
    private static final String USUAL = "data";

    @TempDir Path dir = Path.of("");

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    /** A server on the directory of this name. */
    EmbeddedServer start(String name, Map<String, String> settings)
            throws IOException, ConfigException {
        var all = new TreeMap<>(settings);
        all.put("dataDir", dir.resolve(name).toString());
        all.put("clientPort", "0");
        all.put("clientPortAddress", "127.0.0.1");
        all.put("4lw.commands.whitelist", "*");
        return closing(EmbeddedServer.start(Config.of(all)));
    }

    /** A server on the usual directory, with these keys and values by turns. */
    EmbeddedServer start(String... settings) throws IOException, ConfigException {
        var all = new TreeMap<String, String>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return start(USUAL, all);
    }

    RawClient session(EmbeddedServer server) throws IOException {
        return closing(RawClient.newSession(server.port()));
    }

    /** What a four-letter word is answered by. */
    static String ask(EmbeddedServer server, String word) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The value that {@code mntr} has for a key, "none" for none. */
    static String measure(EmbeddedServer server, String key) throws IOException {
        return ask(server, "mntr")
                .lines()
                .filter(line -> line.startsWith("zk_" + key + "\t"))
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .findFirst()
                .orElse("none");
    }

    /** How many files of the usual directory have such a name. */
    long files(String prefix, String ending) throws IOException {
        try (var files = Files.list(dir.resolve(USUAL).resolve("version-2"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(ending))
                    .count();
        }
    }
}
