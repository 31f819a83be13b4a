package vivarium.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vivarium.net.PortException;

/** The server as a process. Its exit codes are ZooKeeper's. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionText.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "Runs a server that ZooKeeper clients use, alone or in an ensemble; durable.",
        synopsisHeading = "%n",
        customSynopsis = {
            "serve                     a server to try out, on localhost:2181",
            "serve [options] zoo.cfg   as ZooKeeper's own configuration says",
            "serve [options] port dataDir [tickTime] [maxClientCnxns]",
            "serve --ensemble 3        a whole ensemble to try out, in one process, on localhost"
        },
        parameterListHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%n",
        footer = {
            "What is acknowledged is on the disk. SIGTERM and Ctrl-C stop the server in order: it"
                    + " finishes what it has begun and exits with 0 within two seconds.",
            "",
            "A configuration file has the keys and meanings of ZooKeeper's zoo.cfg. Options count"
                    + " more than the file, the file more than system properties zookeeper.<key>.",
            "The heap is set by ZK_SERVER_HEAP (MB), other flags of the JVM by SERVER_JVMFLAGS and"
                    + " JVMFLAGS.",
            "",
            "Exit codes: 0 stopped in order, 1 failed, 2 bad invocation or configuration, 3 data"
                    + " directory can't be used."
        })
public final class Main implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    static final int FAILED = 1;
    static final int BAD_INVOCATION = 2;
    static final int BAD_DATA_DIR = 3;

    private static final int MOST_ARGUMENTS = 4;

    @Parameters(
            arity = "0..4",
            paramLabel = "zoo.cfg",
            description = "A configuration file; or a port, a directory and so on, as above.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Port for clients, 2181 unless set; 0 takes a free one. (clientPort)")
    private @Nullable String port;

    @Option(
            names = {"-a", "--address"},
            paramLabel = "HOST",
            description =
                    "Address to listen on; * for all. Without a file, localhost."
                            + " (clientPortAddress)")
    private @Nullable String address;

    @Option(
            names = {"-d", "--data-dir"},
            paramLabel = "DIR",
            description =
                    "Where the data is kept. Without a file, vivarium in the directory for"
                            + " programs' state: $XDG_STATE_HOME or ~/.local/state. (dataDir)")
    private @Nullable String dataDir;

    @Option(
            names = {"-l", "--log-dir"},
            paramLabel = "DIR",
            description =
                    "Where the transaction log is kept, best on a disk of its own; the data"
                            + " directory unless set. (dataLogDir)")
    private @Nullable String logDir;

    @Option(
            names = {"-t", "--tick-time"},
            paramLabel = "MS",
            description =
                    "Milliseconds of a tick. Sessions last from 2 to 20 of them unless set"
                            + " otherwise. (tickTime)")
    private @Nullable String tickTime;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "Any other key of zoo.cfg, such as snapCount=10000. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = {"-e", "--ensemble"},
            paramLabel = "N",
            description =
                    "Runs N servers in this process, on localhost: clients find them on N ports"
                            + " from PORT on, and each keeps its data in a directory of its own in"
                            + " DIR.")
    private int ensemble;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "Writes down all that happens to the server, up to 256 MB, for"
                            + " simulation/simulate --replay FILE. (vivarium.record)")
    private @Nullable String record;

    @Spec private @Nullable CommandSpec spec;

    private final AtomicInteger exitCode = new AtomicInteger();

    /** Starts a server with these arguments and stays until it is stopped. */
    public static void main(String[] args) {
        int code = isPlain(args) ? callPlainly(args) : new CommandLine(new Main()).execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Whether there is nothing but positional arguments, and no more than there may be. These need
     * no parser: picocli's classes are too old to be kept in an archive of classes, and loading
     * them is a fifth of a start.
     */
    private static boolean isPlain(String[] args) {
        for (String argument : args) {
            if (argument.startsWith("-") || argument.startsWith("@")) {
                return false;
            }
        }
        return args.length >= 1 && args.length <= MOST_ARGUMENTS;
    }

    private static int callPlainly(String[] args) {
        Main main = new Main();
        main.arguments = List.of(args);
        try {
            return main.call();
        } catch (RuntimeException | Error e) {
            LOG.error("the server could not start", e);
            return FAILED;
        }
    }

    @Override
    public Integer call() {
        return ensemble > 0 ? callEnsemble() : callServer();
    }

    private int callServer() {
        Config config;
        try {
            config = config();
        } catch (ConfigException e) {
            return complain(e, BAD_INVOCATION);
        }
        config.warnings().forEach(warning -> LOG.warn("{}", warning));
        config.properties().forEach(System::setProperty);
        EmbeddedServer server;
        try {
            server = EmbeddedServer.start(config);
        } catch (ConfigException e) {
            return complain(e, BAD_INVOCATION);
        } catch (PortException e) {
            return complain(e, FAILED);
        } catch (IOException e) {
            return complain(e, BAD_DATA_DIR);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "vivarium-stop"));
        var _ = server.failed().thenRunAsync(() -> exit(FAILED));
        if (server.serving().isDone()) {
            say(ready(server));
        } else {
            say("server " + server.sid() + " looks for its ensemble");
            var _ = server.serving().thenRunAsync(() -> say(ready(server)));
        }
        return 0;
    }

    private int callEnsemble() {
        LocalEnsemble started;
        try {
            started = startEnsemble();
        } catch (ConfigException e) {
            return complain(e, BAD_INVOCATION);
        } catch (PortException e) {
            return complain(e, FAILED);
        } catch (IOException e) {
            return complain(e, BAD_DATA_DIR);
        }
        Thread stop =
                new Thread(
                        () -> {
                            started.close();
                            Runtime.getRuntime()
                                    .halt(started.failed().isDone() ? FAILED : exitCode.get());
                        },
                        "vivarium-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        var _ = started.failed().thenRunAsync(() -> exit(FAILED));
        for (EmbeddedServer server : started.servers()) {
            var _ =
                    server.serving()
                            .thenRunAsync(
                                    () -> say("server " + server.sid() + ": " + ready(server)));
        }
        var _ =
                started.serving()
                        .thenRunAsync(
                                () -> say("all serve; clients connect to " + addresses(started)));
        return 0;
    }

    private LocalEnsemble startEnsemble() throws IOException, ConfigException {
        if (!arguments.isEmpty()) {
            throw new ConfigException(
                    "--ensemble makes its own configuration, and takes no " + arguments.getFirst(),
                    null);
        }
        Map<String, String> flags = new LinkedHashMap<>(settings);
        set(flags, "clientPortAddress", address);
        set(flags, "tickTime", tickTime);
        Path base = dataDir == null ? stateDir().resolve("ensemble") : Path.of(dataDir);
        return LocalEnsemble.start(ensemble, base, firstPort(), flags);
    }

    private int firstPort() throws ConfigException {
        if (port == null) {
            return Config.USUAL_PORT;
        }
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new ConfigException("--port " + port + ": a number is expected", e);
        }
    }

    private static String addresses(LocalEnsemble ensemble) {
        return ensemble.servers().stream().map(Main::hostAndPort).collect(Collectors.joining(","));
    }

    private static String hostAndPort(EmbeddedServer server) {
        String host = server.address().getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
    }

    private Config config() throws ConfigException {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        Path file = null;
        if (arguments.size() == 1) {
            file = Path.of(arguments.getFirst());
            if (!Files.isRegularFile(file)) {
                throw new ConfigException(file + ": there is no such file", null);
            }
        } else if (!arguments.isEmpty()) {
            String[] keys = {"clientPort", "dataDir", "tickTime", "maxClientCnxns"};
            for (int i = 0; i < arguments.size(); i++) {
                flags.put(keys[i], arguments.get(i));
            }
        } else {
            flags.putIfAbsent("clientPortAddress", "localhost");
            flags.putIfAbsent("dataDir", stateDir().toString());
        }
        set(flags, "clientPort", port);
        set(flags, "clientPortAddress", address);
        set(flags, "dataDir", dataDir);
        set(flags, "dataLogDir", logDir);
        set(flags, "tickTime", tickTime);
        set(flags, "vivarium.record", record);
        return Config.of(file, flags, System.getProperties());
    }

    private static void set(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }

    private static Path stateDir() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base =
                state == null || state.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state);
        return base.resolve("vivarium");
    }

    private static String ready(EmbeddedServer server) {
        // The JVM's own beans know it too, but are a few hundred classes.
        long millis =
                ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(start -> Duration.between(start, Instant.now()).toMillis())
                        .orElse(0L);
        return "ready on "
                + hostAndPort(server)
                + ", data in "
                + server.config().dataDir()
                + (server.config().dataLogDir().equals(server.config().dataDir())
                        ? ""
                        : ", log in " + server.config().dataLogDir())
                + ", JDK "
                + Runtime.version()
                + ", "
                + server.transport()
                + ", after "
                + millis
                + " ms";
    }

    private void say(String line) {
        if (spec == null) {
            System.out.println(line);
            System.out.flush();
        } else {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }

    private int complain(Exception e, int code) {
        String line = "serve: " + e.getMessage();
        if (spec == null) {
            System.err.println(line);
        } else {
            PrintWriter err = spec.commandLine().getErr();
            err.println(line);
            err.flush();
        }
        return code;
    }

    private void exit(int code) {
        exitCode.compareAndSet(0, code);
        System.exit(code);
    }

    /** In the JVM's shutdown, which a signal begins: without the halt it would exit with 143. */
    private void stop(EmbeddedServer server) {
        server.close();
        Runtime.getRuntime().halt(server.failed().isDone() ? FAILED : exitCode.get());
    }

    /** What {@code --version} prints. */
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "vivarium " + Version.own() + ", in place of ZooKeeper " + Version.BEHAVES_AS,
                "JDK " + Runtime.version()
            };
        }
    }
}
