package vivarium.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What does not change while a server runs, or only without its doing. */
final class Facts {
    private static final long MEGABYTE = 1 << 20;

    private volatile int port;

    /** The port that clients use, once it is open. */
    int port() {
        return port;
    }

    void opened(int openedPort) {
        port = openedPort;
    }

    /** The answer to {@code envi}; clients take the version from its second line. */
    String environment() {
        StringBuilder text = new StringBuilder("Environment:\n");
        line(text, "zookeeper.version", Version.full());
        line(text, "host.name", host());
        for (String key :
                new String[] {
                    "java.version",
                    "java.vendor",
                    "java.home",
                    "java.class.path",
                    "java.library.path",
                    "java.io.tmpdir",
                    "java.compiler",
                    "os.name",
                    "os.arch",
                    "os.version",
                    "user.name",
                    "user.home",
                    "user.dir"
                }) {
            line(text, key, System.getProperty(key, "<NA>"));
        }
        Runtime runtime = Runtime.getRuntime();
        line(text, "os.memory.free", runtime.freeMemory() / MEGABYTE + "MB");
        line(text, "os.memory.max", runtime.maxMemory() / MEGABYTE + "MB");
        line(text, "os.memory.total", runtime.totalMemory() / MEGABYTE + "MB");
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException _) {
            return "<NA>";
        }
    }
}
