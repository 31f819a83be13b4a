package vivarium.benchmarks.failover;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.Group;
import vivarium.benchmarks.servers.Launch;

/** The leaders of two ensembles are killed in turn, under load. */
public final class Failover {
    private static final long BEFORE_MILLIS = 1_500;
    private static final long AFTER_MILLIS = 3_000;
    private static final int POLL_MILLIS = 20;
    private static final int SERVERS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Path directory;
    private final Launch launch;
    private final int clientCount;
    private final Consumer<String> out;

    /**
     * @param directory where the servers keep their data
     * @param clientCount how many clients write to each ensemble while its leader is killed
     * @param out takes the lines of the report
     */
    public Failover(Path directory, Launch launch, int clientCount, Consumer<String> out) {
        this.directory = directory;
        this.launch = launch;
        this.clientCount = clientCount;
        this.out = out;
    }

    /** Kills {@code kills} leaders of each, and reports. */
    public void run(int kills) throws IOException, InterruptedException {
        Map<Contender, List<Double>> gaps = new EnumMap<>(Contender.class);
        try (Group apache = trio(Contender.APACHE);
                Group vivarium = trio(Contender.VIVARIUM)) {
            out.accept("Longest time without an acknowledged write, ms, worst of all clients");
            out.accept(String.format(Locale.ROOT, "%6s %10s %10s", "kill", "Apache", "Vivarium"));
            for (int i = 1; i <= kills; i++) {
                double theirs = kill(apache);
                double ours = kill(vivarium);
                gaps.computeIfAbsent(Contender.APACHE, _ -> new ArrayList<>()).add(theirs);
                gaps.computeIfAbsent(Contender.VIVARIUM, _ -> new ArrayList<>()).add(ours);
                out.accept(String.format(Locale.ROOT, "%6d %10.0f %10.0f", i, theirs, ours));
            }
        }
        gaps.forEach((contender, all) -> out.accept(summary(contender, all)));
    }

    private Group trio(Contender contender) throws IOException {
        return new Group(contender, directory.resolve(contender.title()), launch, SERVERS);
    }

    private static String summary(Contender contender, List<Double> gaps) {
        double[] sorted = gaps.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return String.format(
                Locale.ROOT,
                "%-8s median %.0f ms, from %.0f to %.0f ms",
                contender.title(),
                median,
                sorted[0],
                sorted[sorted.length - 1]);
    }

    /** Kills the leader once; the longest gap that a client has seen. */
    private double kill(Group trio) throws IOException, InterruptedException {
        int leader = trio.awaitSettled();
        List<Client> clients = new ArrayList<>();
        try {
            for (int number = 0; number < clientCount; number++) {
                clients.add(new Client(trio.addresses(), number));
            }
            awaitMore(clients);
            TimeUnit.MILLISECONDS.sleep(BEFORE_MILLIS);
            clients.forEach(Client::reset);
            trio.kill(leader);
            TimeUnit.MILLISECONDS.sleep(AFTER_MILLIS);
            awaitMore(clients);
            double worst = 0;
            for (Client client : clients) {
                worst = Math.max(worst, client.longestNanos() / NANOS_PER_MILLI);
            }
            return worst;
        } finally {
            clients.forEach(Client::close);
            trio.restart(leader);
        }
    }

    /** Until every client has one more write acknowledged. */
    private static void awaitMore(List<Client> clients) throws IOException, InterruptedException {
        for (Client client : clients) {
            long before = client.acknowledged();
            while (client.acknowledged() == before) {
                Throwable failure = client.failure();
                if (failure != null) {
                    throw new IOException("a client has failed: " + failure, failure);
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }
}
