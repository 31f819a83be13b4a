package vivarium.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import vivarium.benchmarks.servers.Launch;

/** What all comparisons have in common: how servers are started, and where results go. */
public final class Workbench {
    private static final String TITLE = "Vivarium beside Apache ZooKeeper";

    @Option(
            names = "--heap",
            paramLabel = "MB",
            description =
                    "largest heap of both; twice as much for a million znodes (default: 1000)")
    private int heapMegabytes = Launch.USUAL_HEAP_MEGABYTES;

    @Option(
            names = "--out",
            paramLabel = "DIRECTORY",
            description =
                    "where results.json, .md, .svg and .html go, and the servers' data while"
                            + " they run: on the disk that is to be measured"
                            + " (default: benchmarks/target/ and the command's name)")
    private @Nullable Path out;

    @Option(
            names = "--apache-flag",
            paramLabel = "FLAG",
            description = "another flag for the JVM of Apache's server; may be repeated")
    private List<String> apacheFlags = List.of();

    @Option(
            names = "--vivarium-flag",
            paramLabel = "FLAG",
            description = "another flag for the JVM of ours; may be repeated")
    private List<String> vivariumFlags = List.of();

    /** The work of a command, in a directory for the servers' data that is removed afterwards. */
    public interface Work {
        /** The servers' data go below {@code data}. */
        void perform(Path data) throws IOException, InterruptedException;
    }

    /** The largest heap of each server. */
    public int heapMegabytes() {
        return heapMegabytes;
    }

    private static Path house() {
        return Path.of(System.getProperty("vivarium.house", ".")).toAbsolutePath();
    }

    /** Where the results of the command of this name go. */
    public Path target(String command) throws IOException {
        Path target = out == null ? house().resolve("benchmarks/target").resolve(command) : out;
        Files.createDirectories(target);
        return target;
    }

    /** How servers are started. */
    public Launch launch() {
        return new Launch(house(), heapMegabytes, true, apacheFlags, vivariumFlags);
    }

    /** Does {@code work}, and removes what servers have left. */
    public void perform(Path target, Work work) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory(target.toAbsolutePath(), "servers");
        try {
            work.perform(data);
        } finally {
            delete(data);
        }
    }

    /** After each part, so that what goes wrong in the next costs no result. */
    static void write(Results results, Path target) throws IOException {
        results.write(target.resolve("results.json"));
        String text = Report.markdown(results);
        String picture = Chart.svg(results);
        Files.writeString(target.resolve("results.md"), text);
        Files.writeString(target.resolve("results.svg"), picture);
        Files.writeString(target.resolve("results.html"), Page.html(TITLE, text, picture));
    }

    /** Prints the results; the exit code, 1 where a budget is missed. */
    static int conclude(Results results, Path target) {
        System.out.print(Report.markdown(results));
        System.err.println("Written: results.json, .md, .svg and .html in " + target);
        long missed = Budget.all(results).stream().filter(Budget::isMissed).count();
        if (missed > 0) {
            System.err.println(missed + " budgets are missed");
            return 1;
        }
        return 0;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(directory)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
