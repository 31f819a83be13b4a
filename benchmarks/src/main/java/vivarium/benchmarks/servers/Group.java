package vivarium.benchmarks.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The servers of an ensemble, all of one kind, each a process on the loopback interface. */
public final class Group implements AutoCloseable {
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

    /**
     * Starts them, and does not wait for them.
     *
     * @param count how many; one is a server that is alone
     */
    public Group(Contender contender, Path directory, Launch launch, int count) throws IOException {
        this.contender = contender;
        this.directory = directory;
        this.launch = launch;
        StringBuilder text = new StringBuilder("tickTime=" + TICK_MILLIS);
        text.append("\ninitLimit=10\nsyncLimit=5\nmaxClientCnxns=0\n4lw.commands.whitelist=*\n");
        for (int sid = 1; sid <= count; sid++) {
            addresses.add(ServerProcess.freeAddress());
            if (count > 1) {
                text.append("server.")
                        .append(sid)
                        .append("=127.0.0.1:")
                        .append(ServerProcess.freeAddress().getPort())
                        .append(':')
                        .append(ServerProcess.freeAddress().getPort())
                        .append('\n');
            }
        }
        this.lines = text.toString();
        try {
            for (int index = 0; index < count; index++) {
                processes.add(start(index));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private ServerProcess start(int index) throws IOException {
        Path home = directory.resolve("server" + (index + 1));
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data").resolve("myid"), (index + 1) + "\n");
        return ServerProcess.start(contender, home, launch, addresses.get(index), lines);
    }

    /** Which of the two it is. */
    public Contender contender() {
        return contender;
    }

    /** Where clients find them. */
    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** The processes, by their ids from the lowest. */
    public List<ServerProcess> processes() {
        return List.copyOf(processes);
    }

    /** Waits until one leads and the others follow; the one that leads, counted from 0. */
    public int awaitSettled() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            int leader = -1;
            int followers = 0;
            for (int index = 0; index < addresses.size(); index++) {
                String answer = srvr(addresses.get(index));
                boolean leads =
                        answer.contains("Mode: leader") || answer.contains("Mode: standalone");
                leader = leads ? index : leader;
                followers += answer.contains("Mode: follower") ? 1 : 0;
            }
            if (leader >= 0 && followers == addresses.size() - 1) {
                return leader;
            }
            for (ServerProcess process : processes) {
                process.checkAlive();
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

    /** The CPU time that all of them have used so far. */
    public Duration cpuTime() throws IOException {
        Duration sum = Duration.ZERO;
        for (ServerProcess process : processes) {
            sum = sum.plus(process.cpuTime());
        }
        return sum;
    }

    /** What of that was their compilers'. */
    public Duration compilingTime() throws IOException {
        Duration sum = Duration.ZERO;
        for (ServerProcess process : processes) {
            sum = sum.plus(process.compilingTime());
        }
        return sum;
    }

    /** SIGKILL. */
    public void kill(int index) {
        processes.get(index).close();
    }

    /** Starts it again, on what it has left. */
    public void restart(int index) throws IOException {
        processes.set(index, start(index));
    }

    /** Asks all of them to end, and waits until they have. */
    public void stop() throws IOException, InterruptedException {
        for (ServerProcess process : processes) {
            process.stop();
        }
    }

    @Override
    public void close() {
        processes.forEach(ServerProcess::close);
    }
}
