package vivarium.benchmarks.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import vivarium.benchmarks.load.LoadGenerator;

/**
 * A server of one that runs in a process of its own, on a free port of the loopback interface. It
 * is killed when this JVM ends before it is stopped.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 2;

    /**
     * How long a starting server may take to give a session before it is asked again: Apache's
     * accepts connections before it serves, and leaves some of those without an answer.
     */
    private static final int PATIENCE_MILLIS = 200;

    /** As the JVM calls them, and the system cuts it off. */
    private static final Pattern COMPILER = Pattern.compile("C[12] Compiler");

    private final Contender contender;
    private final Process process;
    private final InetSocketAddress address;
    private final Path output;
    private final long startNanos;
    private final Thread reaper;

    private ServerProcess(
            Contender contender,
            Process process,
            InetSocketAddress address,
            Path output,
            long startNanos) {
        this.contender = contender;
        this.process = process;
        this.address = address;
        this.output = output;
        this.startNanos = startNanos;
        this.reaper = new Thread(process::destroyForcibly, "reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /**
     * Starts a server, and does not wait for it.
     *
     * @param directory where its data, its configuration and what it prints are; what an earlier
     *     one of the same kind has left there is what it starts from
     */
    public static ServerProcess start(Contender contender, Path directory, Launch launch)
            throws IOException {
        return start(contender, directory, launch, freeAddress(), "");
    }

    /**
     * The same, on an address of the caller's choice.
     *
     * @param lines what else its configuration has
     */
    public static ServerProcess start(
            Contender contender,
            Path directory,
            Launch launch,
            InetSocketAddress address,
            String lines)
            throws IOException {
        Files.createDirectories(directory);
        Path configuration = directory.resolve("zoo.cfg");
        Files.writeString(configuration, configuration(directory, address, launch) + lines);
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(
                        switch (contender) {
                            case APACHE -> apacheCommand(directory, configuration, launch);
                            case VIVARIUM -> vivariumCommand(configuration, launch);
                        });
        if (contender == Contender.VIVARIUM) {
            builder.environment().put("ZK_SERVER_HEAP", String.valueOf(launch.heapMegabytes()));
            builder.environment().put("SERVER_JVMFLAGS", String.join(" ", launch.vivariumFlags()));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        }
        builder.environment().remove("JVMFLAGS");
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        long startNanos = System.nanoTime();
        return new ServerProcess(contender, builder.start(), address, output, startNanos);
    }

    /** Nothing but where things are: the rest is left at its defaults, the same for both. */
    private static String configuration(Path directory, InetSocketAddress address, Launch launch) {
        return "dataDir="
                + directory.resolve("data")
                + "\nclientPort="
                + address.getPort()
                + "\nclientPortAddress="
                + address.getAddress().getHostAddress()
                + "\nadmin.enableServer=false\n"
                + (launch.forceSync() ? "" : "forceSync=no\n");
    }

    private static List<String> apacheCommand(Path directory, Path configuration, Launch launch)
            throws IOException {
        Path logging = directory.resolve("logback.xml");
        Files.writeString(
                logging,
                """
                <configuration>
                  <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d{ISO8601} [%t] %-5p %c - %m%n</pattern></encoder>
                  </appender>
                  <root level="INFO"><appender-ref ref="CONSOLE"/></root>
                </configuration>
                """);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + launch.heapMegabytes() + "m");
        command.add("-Dlogback.configurationFile=" + logging);
        command.addAll(launch.apacheFlags());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("org.apache.zookeeper.server.quorum.QuorumPeerMain");
        command.add(configuration.toString());
        return command;
    }

    private static List<String> vivariumCommand(Path configuration, Launch launch) {
        return List.of(
                launch.house().resolve("impl").resolve("serve").toString(),
                configuration.toString());
    }

    /** An address on which nobody listens. */
    public static InetSocketAddress freeAddress() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
            return new InetSocketAddress(loopback, socket.getLocalPort());
        }
    }

    /** Which of the two it is. */
    public Contender contender() {
        return contender;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /**
     * Waits until {@code question} is answered, asking again and again over new connections.
     *
     * @return the time since the process was started
     */
    public Duration awaitAnswer(Question question) throws IOException, InterruptedException {
        while (true) {
            try (LoadGenerator client =
                    new LoadGenerator(List.of(address), 1, 100, PATIENCE_MILLIS)) {
                question.ask(client);
                return Duration.ofNanos(System.nanoTime() - startNanos);
            } catch (IOException e) {
                checkAlive();
                if (System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
                    throw new IOException(contender.title() + " does not answer:\n" + tail(), e);
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    /** An error that says what it has printed last, if it has ended. */
    void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(contender.title() + " has ended:\n" + tail());
        }
    }

    /** The end of what it has printed. */
    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /** The CPU time that it has used so far, in user and in system mode, in all its threads. */
    public Duration cpuTime() throws IOException {
        return process.toHandle()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IOException(contender.title() + " has ended"));
    }

    /**
     * The CPU time of those of its threads that compile, 0 where the system does not say so. A
     * compiler's thread that has ended takes its time with it.
     */
    public Duration compilingTime() throws IOException {
        Path tasks = Path.of("/proc", String.valueOf(process.pid()), "task");
        if (!Files.exists(tasks)) {
            return Duration.ZERO;
        }
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                nanos += compilingNanos(thread);
            }
        }
        return Duration.ofNanos(nanos);
    }

    private static long compilingNanos(Path thread) throws IOException {
        try {
            if (!COMPILER.matcher(Files.readString(thread.resolve("comm"))).lookingAt()) {
                return 0;
            }
            String scheduled = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(scheduled.substring(0, scheduled.indexOf(' ')));
        } catch (NoSuchFileException _) {
            return 0; // the thread has ended meanwhile, or the system does not count
        }
    }

    /** How much of its memory is resident, in KiB; 0 where the system does not say so. */
    public long residentKibibytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    /** Asks it to end, and waits until it has. */
    public void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(contender.title() + " does not stop");
        }
        Runtime.getRuntime().removeShutdownHook(reaper);
    }

    /** Ends it in whatever way is needed. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
            process.onExit().join();
            Runtime.getRuntime().removeShutdownHook(reaper);
        }
    }

    /** Something that a server which is ready can answer. */
    @FunctionalInterface
    public interface Question {
        void ask(LoadGenerator client) throws IOException;
    }
}
