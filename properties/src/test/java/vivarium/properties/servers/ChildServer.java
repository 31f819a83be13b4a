package vivarium.properties.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A server as a process of its own, started by its main class with a configuration file, as a
 * person would start it. It can be killed without a warning.
 */
public final class ChildServer implements ServerUnderTest {

    private static final Duration START = Duration.ofSeconds(20);
    private static final long START_POLL_NANOS = 5_000_000;
    private static final int PROBE_TIMEOUT_MILLIS = 1000;

    private final String mainClass;
    private final Path dataDirectory;
    private final Settings settings;
    private final List<String> jvmFlags;
    private final Path output;
    private final int port;
    private @Nullable Process process;

    ChildServer(String mainClass, Path dataDirectory, Settings settings, String... jvmFlags) {
        this.mainClass = mainClass;
        this.dataDirectory = dataDirectory;
        this.settings = settings;
        this.jvmFlags = List.of(jvmFlags);
        this.output = dataDirectory.resolveSibling(dataDirectory.getFileName() + ".out");
        this.port = freePort();
    }

    @Override
    public void start() {
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch() throws IOException {
        Files.createDirectories(dataDirectory);
        Path configuration = dataDirectory.resolveSibling(dataDirectory.getFileName() + ".cfg");
        var lines = new ArrayList<String>();
        settings.values().forEach((key, value) -> lines.add(key + "=" + value));
        lines.add("dataDir=" + dataDirectory);
        lines.add("clientPort=" + port);
        lines.add("clientPortAddress=127.0.0.1");
        lines.add("admin.enableServer=false");
        Files.write(configuration, lines);

        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xshare:auto");
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.add(configuration.toString());
        Process started =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                        .start();
        process = started;
        long deadline = System.nanoTime() + START.toNanos();
        while (!serves()) {
            if (!started.isAlive() || System.nanoTime() - deadline > 0) {
                kill();
                throw new AssertionError("the server did not start:\n" + said());
            }
            LockSupport.parkNanos(START_POLL_NANOS);
        }
    }

    private boolean serves() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(PROBE_TIMEOUT_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.US_ASCII).contains("Mode:");
        } catch (IOException e) {
            return false; // not listening yet: the caller has the deadline
        }
    }

    /** Everything that the process wrote so far. */
    public String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL: the process gets no chance to finish anything. Returns when it is gone. */
    public void kill() {
        end(true);
    }

    /** SIGTERM. Returns when the process is gone. */
    @Override
    public void stop() {
        end(false);
    }

    private void end(boolean forcibly) {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        if (forcibly) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        try {
            if (!running.waitFor(10, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new AssertionError("the server did not end:\n" + said());
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** It does nothing at all any more, and nobody is told. Returns when that is so. */
    public void freeze() throws Exception {
        Signals.freeze(processId());
    }

    /** It goes on. */
    public void thaw() throws IOException, InterruptedException {
        Signals.thaw(processId());
    }

    public long processId() {
        if (process == null) {
            throw new IllegalStateException("not running");
        }
        return process.pid();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path dataDirectory() {
        return dataDirectory;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
