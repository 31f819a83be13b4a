package vivarium.properties.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.server.Config;
import vivarium.server.ConfigException;
import vivarium.server.EmbeddedServer;

/** Our server inside the JVM of the tests. */
public final class VivariumServer implements ServerUnderTest {

    private final Path dataDirectory;
    private final Settings settings;
    private @Nullable EmbeddedServer server;
    private int port;

    public VivariumServer(Path dataDirectory, Settings settings) {
        this.dataDirectory = dataDirectory;
        this.settings = settings;
    }

    @Override
    public void start() {
        var values = new TreeMap<>(settings.values());
        values.put("dataDir", dataDirectory.toString());
        values.put("clientPort", Integer.toString(port));
        values.put("clientPortAddress", "127.0.0.1");
        try {
            EmbeddedServer started = EmbeddedServer.start(Config.of(values));
            server = started;
            port = started.port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void stop() {
        if (server == null) {
            return;
        }
        server.close();
        server = null;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path dataDirectory() {
        return dataDirectory;
    }
}
