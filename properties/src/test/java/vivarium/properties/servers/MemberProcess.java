package vivarium.properties.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One server of an ensemble, as a process of its own, of either brand. Its directory, its id and
 * its ports stay when it is started again as a server of the other brand.
 */
public final class MemberProcess {
    private static final int PROBE_MILLIS = 1_000;
    private static final int STOP_SECONDS = 20;

    private final long sid;
    private final boolean observer;
    private final Path directory;
    private final int clientPort;
    private final int quorumPort;
    private final int electionPort;
    private String host = "127.0.0.1";
    private List<String> prefix = List.of();
    private @Nullable Process process;

    MemberProcess(long sid, boolean observer, Path directory, FreePorts ports) {
        this.sid = sid;
        this.observer = observer;
        this.directory = directory;
        this.clientPort = ports.next();
        this.quorumPort = ports.next();
        this.electionPort = ports.next();
    }

    public long sid() {
        return sid;
    }

    public int clientPort() {
        return clientPort;
    }

    /** Where clients find it. */
    public InetSocketAddress clientAddress() {
        return new InetSocketAddress(host, clientPort);
    }

    /** It runs in a network of its own from its next start on. */
    void place(String itsHost, List<String> itsPrefix) {
        host = itsHost;
        prefix = itsPrefix;
    }

    public int quorumPort() {
        return quorumPort;
    }

    public int electionPort() {
        return electionPort;
    }

    public boolean isObserver() {
        return observer;
    }

    public Path dataDirectory() {
        return directory.resolve("data" + sid);
    }

    /** Its line in the configuration of every member. */
    String line() {
        return line(quorumPort, electionPort);
    }

    /** The same, where others reach it through other ports. */
    String line(int itsQuorumPort, int itsElectionPort) {
        return "server."
                + sid
                + "="
                + host
                + ":"
                + itsQuorumPort
                + ":"
                + itsElectionPort
                + (observer ? ":observer" : "");
    }

    public boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Starts it; returns before it serves. */
    public void start(Brand brand, List<String> members, Map<String, String> settings) {
        if (isRunning()) {
            throw new IllegalStateException("server " + sid + " runs already");
        }
        try {
            launch(brand, members, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch(Brand brand, List<String> members, Map<String, String> settings)
            throws IOException {
        Files.createDirectories(dataDirectory());
        Files.writeString(dataDirectory().resolve("myid"), sid + "\n");
        Path configuration = directory.resolve("server" + sid + ".cfg");
        var lines = new ArrayList<String>();
        settings.forEach((key, value) -> lines.add(key + "=" + value));
        lines.add("dataDir=" + dataDirectory());
        lines.add("clientPort=" + clientPort);
        lines.add("clientPortAddress=" + host);
        lines.add("admin.enableServer=false");
        if (observer) {
            lines.add("peerType=observer");
        }
        lines.addAll(members);
        Files.write(configuration, lines);

        var command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xshare:auto");
        command.add("-Xmx256m");
        command.add("-Dlogback.configurationFile=logback-ensemble.xml");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(brand.ensembleMainClass());
        command.add(configuration.toString());
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                        .start();
    }

    private Path output() {
        return directory.resolve("server" + sid + ".out");
    }

    /** Everything that the process wrote so far. */
    public String said() {
        try {
            return Files.exists(output()) ? Files.readString(output()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. Returns when the process is gone. */
    public void kill() {
        end(true);
    }

    /** SIGTERM. Returns when the process is gone. */
    public void stop() {
        end(false);
    }

    private void end(boolean forcibly) {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        if (forcibly) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        try {
            if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new AssertionError("server " + sid + " did not end:\n" + said());
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** It does nothing at all any more, and nobody is told. Returns when that is so. */
    public void freeze() throws Exception {
        Signals.freeze(pid());
    }

    /** It goes on. */
    public void thaw() throws IOException, InterruptedException {
        Signals.thaw(pid());
    }

    /** The id of its process. */
    public long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("server " + sid + " does not run");
        }
        return running.pid();
    }

    /** Whether {@code text} is in its log, agreed on or not. */
    public boolean hasLogged(String text) {
        try (var files = Files.list(dataDirectory().resolve("version-2"))) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("log.")
                        && Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to a four-letter word; empty if there is none. */
    public String ask(String word) {
        try (var socket = new Socket()) {
            socket.connect(clientAddress(), PROBE_MILLIS);
            socket.setSoTimeout(PROBE_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return ""; // it does not serve now
        }
    }

    /** leader, follower or observer; empty while it does not serve. */
    public String mode() {
        for (String line : ask("srvr").split("\n", -1)) {
            if (line.startsWith("Mode: ")) {
                return line.substring("Mode: ".length()).strip();
            }
        }
        return "";
    }
}
