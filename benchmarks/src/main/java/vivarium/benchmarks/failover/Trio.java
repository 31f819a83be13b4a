package vivarium.benchmarks.failover;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.Launch;
import vivarium.benchmarks.servers.ServerProcess;

/** Three servers of one kind, each a process, on the loopback interface. */
final class Trio implements AutoCloseable {
    private static final int COUNT = 3;
    private static final int TICK_MILLIS = 2_000;
    private static final int POLL_MILLIS = 20;
    private static final int PROBE_MILLIS = 1_000;
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);

    private final Contender contender;
    private final Path directory;
    private final Launch launch;
    private final String lines;
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<ServerProcess> processes = new ArrayList<>();

    Trio(Contender contender, Path directory, Launch launch) throws IOException {
        this.contender = contender;
        this.directory = directory;
        this.launch = launch;
        StringBuilder text = new StringBuilder("tickTime=" + TICK_MILLIS);
        text.append("\ninitLimit=10\nsyncLimit=5\nmaxClientCnxns=0\n4lw.commands.whitelist=*\n");
        for (int sid = 1; sid <= COUNT; sid++) {
            addresses.add(ServerProcess.freeAddress());
            text.append("server.")
                    .append(sid)
                    .append("=127.0.0.1:")
                    .append(ServerProcess.freeAddress().getPort())
                    .append(':')
                    .append(ServerProcess.freeAddress().getPort())
                    .append('\n');
        }
        this.lines = text.toString();
        for (int index = 0; index < COUNT; index++) {
            processes.add(start(index));
        }
    }

    private ServerProcess start(int index) throws IOException {
        Path home = directory.resolve("server" + (index + 1));
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data").resolve("myid"), (index + 1) + "\n");
        return ServerProcess.start(contender, home, launch, addresses.get(index), lines);
    }

    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Waits until one leads and the others follow; the one that leads. */
    int awaitSettled() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            int leader = -1;
            int followers = 0;
            for (int index = 0; index < COUNT; index++) {
                String answer = srvr(addresses.get(index));
                leader = answer.contains("Mode: leader") ? index : leader;
                followers += answer.contains("Mode: follower") ? 1 : 0;
            }
            if (leader >= 0 && followers == COUNT - 1) {
                return leader;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException(contender.title() + " does not settle");
    }

    private static String srvr(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, PROBE_MILLIS);
            socket.setSoTimeout(PROBE_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException _) {
            return ""; // it does not serve yet
        }
    }

    /** SIGKILL. */
    void kill(int index) {
        processes.get(index).close();
    }

    /** Starts it again, on what it has left. */
    void restart(int index) throws IOException {
        processes.set(index, start(index));
    }

    @Override
    public void close() {
        processes.forEach(ServerProcess::close);
    }
}
