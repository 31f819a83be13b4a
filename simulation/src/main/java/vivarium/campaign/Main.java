package vivarium.campaign;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Plan;
import vivarium.simulation.Scenario;
import vivarium.simulation.Shrinking;
import vivarium.simulation.Swarm;
import vivarium.simulation.TimedFault;
import vivarium.simulation.World;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.server.Mistake;

/** The front door of the simulation. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        version = "vivarium 0.1.0-SNAPSHOT",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "Runs simulated ensembles through faults, one for each seed.",
        synopsisHeading = "%n",
        customSynopsis = {
            "simulate [--seeds N | --for TIME] [options]   many seeds",
            "simulate --seed S [options]                   one seed, once more",
            "simulate --scenario FILE [options]            one run with the faults in a file"
        },
        optionListHeading = "%n",
        footerHeading = "%n",
        footer = "Exit codes: 0 everything held, 1 something did not, 2 bad invocation or file.")
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INVOCATION = 2;
    private static final int MOST_SERVERS = 99;
    private static final int MOST_TOLD = 20;
    private static final int SHRINKING_RUNS = 400;
    private static final int KEPT_ENTRIES = 200_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long PROGRESS_MILLIS = 1_000;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--seeds", paramLabel = "N", description = "how many seeds; 100 if unset")
    private @Nullable Long seeds;

    @Option(names = "--for", paramLabel = "TIME", description = "for how long: 90s, 10m, 2h")
    private @Nullable String duration;

    @Option(
            names = "--from",
            paramLabel = "S",
            description = "the first of the seeds; ${DEFAULT-VALUE} if unset")
    private long from = 1;

    @Option(names = "--seed", paramLabel = "S", description = "this seed only, and more about it")
    private @Nullable Long seed;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "the run that a file describes")
    private @Nullable Path scenario;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description = "voters; ${DEFAULT-VALUE} if unset")
    private int servers = 3;

    @Option(
            names = "--observers",
            paramLabel = "N",
            description = "servers that do not vote; ${DEFAULT-VALUE} if unset")
    private int observers;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "clients; ${DEFAULT-VALUE} if unset")
    private int clients = 5;

    @Option(
            names = "--act",
            paramLabel = "SECONDS",
            description = "simulated seconds in which things go wrong; ${DEFAULT-VALUE} if unset")
    private long actSeconds = 30;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "NAME",
            description = "only these faults, or 'none': ${COMPLETION-CANDIDATES}",
            completionCandidates = FaultNames.class)
    private @Nullable List<String> faults;

    @Option(names = "--jobs", paramLabel = "N", description = "threads; one a processor if unset")
    private @Nullable Integer jobs;

    @Option(names = "--twice", description = "run each seed twice: it must be the same run")
    private boolean twice;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "where to put, for one run, what happened and the shrunk scenario")
    private @Nullable Path report;

    /** The names of the faults, for the help. */
    static final class FaultNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        FaultNames() {
            super(TimedFault.NAMES);
        }
    }

    private Main() {}

    /** Runs what the arguments ask for, and exits. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((e, _, _) -> {
            line.getErr().println("simulate: " + e.getMessage());
            return BAD_INVOCATION;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        if (scenario != null) {
            return one(read(scenario), "--scenario " + scenario);
        }
        if (seed != null) {
            return one(Swarm.draw(seed, options()), replay(seed));
        }
        return many();
    }

    // ---- arguments

    private void check() {
        demand(servers >= 1 && servers <= MOST_SERVERS, "--servers: a number from 1 to 99");
        demand(observers >= 0 && observers <= MOST_SERVERS, "--observers: a number from 0 to 99");
        demand(clients >= 1 && clients <= 1_000, "--clients: a number from 1 to 1000");
        demand(actSeconds >= 1 && actSeconds <= 100_000, "--act: a number from 1 to 100000");
        demand(seeds == null || seeds >= 1, "--seeds: a number from 1 on");
        demand(jobs == null || (jobs >= 1 && jobs <= 1_024), "--jobs: a number from 1 to 1024");
        demand(
                duration == null || Durations.nanos(duration) != null,
                "--for: a time such as 90s, 10m or 2h");
        for (String name : faults == null ? List.<String>of() : faults) {
            demand(
                    TimedFault.NAMES.contains(name) || name.equals("none"),
                    "--faults: '" + name + "' is none of " + TimedFault.NAMES + " or 'none'");
        }
        demand(seed == null || scenario == null, "--seed and --scenario: one of them");
    }

    private void demand(boolean holds, String expected) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), expected);
        }
    }

    private Options options() {
        List<String> chosen = faults == null ? TimedFault.NAMES : new ArrayList<>(faults);
        return new Options(
                servers, observers, clients, actSeconds * MICROS_PER_SECOND, chosen, Mistake.NONE);
    }

    private Plan read(Path file) throws IOException {
        String text = Files.readString(file);
        try {
            return Scenario.read(text, file.toString());
        } catch (Scenario.MalformedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The line that runs a seed once more. */
    private String replay(long which) {
        StringBuilder line = new StringBuilder("simulation/simulate --seed ").append(which);
        line.append(" --servers ").append(servers);
        if (observers > 0) {
            line.append(" --observers ").append(observers);
        }
        line.append(" --clients ").append(clients).append(" --act ").append(actSeconds);
        if (faults != null) {
            line.append(" --faults ").append(String.join(",", faults));
        }
        return line.toString();
    }

    // ---- one run

    private int one(Plan plan, String how) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Outcome outcome = World.run(plan, report == null ? 0 : KEPT_ENTRIES);
        if (twice && World.run(plan, 0).hash() != outcome.hash()) {
            out.println("FAILED OneSeedIsOneRun: two runs differ");
            return FAILED;
        }
        out.printf(
                Locale.ROOT,
                "%s: %,d events in %.1f simulated seconds, %,d operations, %d faults, trace"
                        + " %016x%n",
                how,
                outcome.events(),
                outcome.micros() / (double) MICROS_PER_SECOND,
                outcome.operations(),
                plan.faults().size(),
                outcome.hash());
        Violation violation = outcome.violation();
        if (violation == null) {
            write(outcome, null);
            out.println("good");
            return 0;
        }
        out.println("FAILED " + violation.getMessage());
        Outcome shrunk = Shrinking.shrink(outcome, SHRINKING_RUNS);
        out.println("shrunk from " + plan.faults().size() + " faults to these:");
        out.print(Scenario.write(shrunk.plan()));
        write(outcome, World.run(shrunk.plan(), report == null ? 0 : KEPT_ENTRIES));
        return FAILED;
    }

    private void write(Outcome outcome, @Nullable Outcome shrunk) throws IOException {
        if (report == null) {
            return;
        }
        Files.createDirectories(report);
        String name = "seed-" + outcome.plan().seed();
        Files.writeString(report.resolve(name + ".trace"), lines(outcome));
        Files.writeString(report.resolve(name + ".html"), Diagram.html(outcome));
        if (shrunk != null) {
            Files.writeString(report.resolve(name + ".scenario"), Scenario.write(shrunk.plan()));
            Files.writeString(report.resolve(name + "-shrunk.trace"), lines(shrunk));
            Files.writeString(report.resolve(name + "-shrunk.html"), Diagram.html(shrunk));
        }
        spec.commandLine().getOut().println("report in " + report);
    }

    /** One line an event: time, server or client, what, two numbers that depend on it, detail. */
    private static String lines(Outcome outcome) {
        StringBuilder lines = new StringBuilder("# micros place kind a b detail\n");
        for (Trace.Entry entry : outcome.entries()) {
            lines.append(entry.micros())
                    .append(entry.place() < 0 ? " client" : " server")
                    .append(entry.place() < 0 ? -1 - entry.place() : entry.place())
                    .append(' ')
                    .append(entry.kind())
                    .append(' ')
                    .append(Long.toHexString(entry.a()))
                    .append(' ')
                    .append(Long.toHexString(entry.b()))
                    .append(' ')
                    .append(entry.detail())
                    .append('\n');
        }
        return lines.toString();
    }

    // ---- many runs

    private int many() throws InterruptedException {
        long startNanos = System.nanoTime();
        Long nanos = duration == null ? null : Durations.nanos(duration);
        long count = seeds != null ? seeds : nanos != null ? Long.MAX_VALUE - from : 100;
        long endNanos = startNanos + (nanos == null ? Long.MAX_VALUE / 2 : nanos);
        Campaign campaign = new Campaign(options(), from, count, twice, endNanos);
        Thread ending = new Thread(() -> tell(campaign, startNanos, true));
        Runtime.getRuntime().addShutdownHook(ending);
        int threads = jobs == null ? Runtime.getRuntime().availableProcessors() : jobs;
        boolean showProgress = isTerminal();
        for (Thread thread : campaign.start(threads)) {
            while (!thread.join(java.time.Duration.ofMillis(PROGRESS_MILLIS))) {
                if (showProgress) {
                    spec.commandLine()
                            .getErr()
                            .print("\r" + progress(campaign.tally(), startNanos));
                    spec.commandLine().getErr().flush();
                }
            }
        }
        Runtime.getRuntime().removeShutdownHook(ending);
        return tell(campaign, startNanos, false);
    }

    /** The documentation of the JDK still allows that there is none. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static String progress(Campaign.Tally tally, long startNanos) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        long laid = 0;
        int marks = 0;
        for (Map.Entry<String, Long> mark : tally.marks().seen().entrySet()) {
            boolean fault = mark.getKey().startsWith("fault ");
            laid += fault ? mark.getValue() : 0;
            marks += fault ? 0 : 1;
        }
        return String.format(
                Locale.ROOT,
                "%,d seeds (%.1f/s), %d failed, %.0f simulated s/s, %,.0f events/s, %,d faults,"
                        + " %d marks",
                tally.done(),
                tally.done() / seconds,
                tally.failed(),
                tally.micros() / 1e6 / seconds,
                tally.events() / seconds,
                laid,
                marks);
    }

    private int tell(Campaign campaign, long startNanos, boolean interrupted) {
        campaign.stop();
        Campaign.Tally tally = campaign.tally();
        PrintWriter out = spec.commandLine().getOut();
        out.println((interrupted ? "\nstopped: " : "") + progress(tally, startNanos));
        out.println("seeds " + from + " to " + (tally.nextSeed() - 1));
        tally.marks().seen().forEach((mark, times) -> out.println("  " + times + " x " + mark));
        int told = 0;
        for (Outcome failure : tally.failures()) {
            Violation violation = failure.violation();
            if (violation != null && told++ < MOST_TOLD) {
                out.println("FAILED " + violation.getMessage());
                out.println("  " + replay(failure.plan().seed()));
            }
        }
        out.flush();
        return tally.failed() == 0 ? 0 : FAILED;
    }
}
