package vivarium.spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The front door of the specification. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        version = "vivarium 0.1.0-SNAPSHOT",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "Checks the specification, and that the checks find what is wrong in it.",
        footer = "Exit codes: 0 all as it must be, 1 something is not, 2 bad invocation or table.")
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INVOCATION = 2;
    private static final List<String> TABLES = List.of("checks.tsv", "mutants.tsv");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--deep", description = "what takes hours, too")
    private boolean deep;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "only runs whose names have this in them")
    private @Nullable String only;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "how many runs side by side; as many as there are processors if unset")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--checkpoint",
            paramLabel = "SECONDS",
            description =
                    "how often what takes hours writes down how far it has come; 300 if unset")
    private long checkpointSeconds = Checker.CHECKPOINT.toSeconds();

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "where the specification is",
            hidden = true)
    private Path folder = Path.of(".");

    private DeepResults results = new DeepResults(Path.of("docs/spec.md"));
    private int done;
    private final List<String> complaints = new ArrayList<>();

    /** Runs it and ends the process. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs it; the exit code. */
    static int run(String... arguments) {
        return new CommandLine(new Main()).execute(arguments);
    }

    /** What was not as it must be, one line for each run. */
    synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String missing = ToolJar.complaint();
        if (missing != null) {
            err.println(missing);
            return BAD_INVOCATION;
        }
        List<Job> known;
        try {
            known = tables();
        } catch (TableException e) {
            err.println(e.getMessage());
            return BAD_INVOCATION;
        }
        List<String> unbroken = Vacuity.unbroken(folder, known);
        if (!unbroken.isEmpty()) {
            unbroken.forEach(err::println);
            return BAD_INVOCATION;
        }
        List<Job> all = known.stream().filter(this::isChosen).toList();
        if (all.isEmpty() || jobs < 1 || checkpointSeconds < 1) {
            err.println(
                    jobs < 1 || checkpointSeconds < 1
                            ? "--jobs, --checkpoint: expected 1 or more"
                            : "No run has '"
                                    + only
                                    + "' in its name"
                                    + (deep ? "." : "; --deep has more of them."));
            return BAD_INVOCATION;
        }
        results = new DeepResults(folder.resolve("../docs/spec.md"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(err)));
        long began = System.nanoTime();
        Path work = Files.createTempDirectory("spec-check");
        try (Checker checker =
                new Checker(folder.toAbsolutePath(), work, Duration.ofSeconds(checkpointSeconds))) {
            runAll(byModule(all), checker, out);
        }
        long seconds = (System.nanoTime() - began) / 1_000_000_000;
        out.printf(
                Locale.ROOT,
                "%d runs, %d not as they must be, %d s; their output is in %s%n",
                all.size(),
                complaints.size(),
                seconds,
                work);
        out.flush();
        return complaints.isEmpty() ? 0 : FAILED;
    }

    private List<Job> tables() throws IOException, TableException {
        List<Job> all = new ArrayList<>();
        for (String table : TABLES) {
            all.addAll(Job.readAll(folder.resolve(table)));
        }
        return all;
    }

    private boolean isChosen(Job job) {
        String part = only;
        return (deep || !job.deep()) && (part == null || job.name().contains(part));
    }

    /** Those of one module one after another: they are done in the same processes. */
    private static List<Job> byModule(List<Job> all) {
        Map<String, List<Job>> modules = new LinkedHashMap<>();
        all.forEach(job -> modules.computeIfAbsent(job.module(), _ -> new ArrayList<>()).add(job));
        return modules.values().stream().flatMap(List::stream).toList();
    }

    /** Side by side, one thread each: many small runs keep the processors busy by themselves. */
    private void runAll(List<Job> all, Checker checker, PrintWriter out)
            throws InterruptedException {
        int workers = Math.max(1, jobs / all.size());
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs, all.size()));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Job job : all) {
                running.add(pool.submit(() -> runOne(job, checker, workers, all.size(), out)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run ended without a verdict", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private void runOne(Job job, Checker checker, int workers, int of, PrintWriter out) {
        Verdict verdict;
        try {
            verdict = checker.run(job, workers, Map.of());
        } catch (IOException e) {
            verdict = new Verdict(null, e.toString(), 0, 0, 0);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            verdict = new Verdict(null, "interrupted", 0, 0, 0);
        }
        tell(job, verdict, of, out);
        if (job.deep() && verdict.trouble() == null) {
            record(job, verdict);
        }
    }

    private synchronized void record(Job job, Verdict verdict) {
        try {
            results.put(job, verdict, DeepResults.today(), DeepResults.machine());
        } catch (IOException e) {
            complaints.add(job.name() + ": its result was not written down: " + e.getMessage());
        }
    }

    /** Nothing goes on behind the back of who has interrupted it. */
    private static void interrupted(PrintWriter err) {
        List<ProcessHandle> runs = ProcessHandle.current().children().toList();
        if (!runs.isEmpty()) {
            runs.forEach(ProcessHandle::destroyForcibly);
            err.println(
                    "Interrupted; spec/check --deep goes on from the last checkpoint of each run.");
            err.flush();
        }
    }

    private synchronized void tell(Job job, Verdict verdict, int of, PrintWriter out) {
        done++;
        String complaint = verdict.complaint(job);
        if (complaint != null) {
            complaints.add(job.name() + ": " + complaint);
        }
        String result = verdict.broken() == null ? "holds" : "finds " + verdict.broken();
        out.printf(
                Locale.ROOT,
                "[%2d/%d] %-28s %-30s %,9d states  depth %3d  %6.1f s%n",
                done,
                of,
                job.name(),
                complaint == null ? result : "WRONG: " + complaint,
                verdict.states(),
                verdict.depth(),
                verdict.millis() / 1000.0);
        out.flush();
    }
}
