package vivarium.campaign;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vivarium.simulation.Options;
import vivarium.simulation.Plan;
import vivarium.simulation.Scenario;
import vivarium.simulation.Sometimes;
import vivarium.simulation.Swarm;
import vivarium.simulation.TimedFault;
import vivarium.simulation.replay.Replay;
import vivarium.simulation.server.Mistake;

/** The front door of the simulation. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        version = "vivarium 0.1.0-SNAPSHOT",
        sortOptions = false,
        usageHelpAutoWidth = true,
        subcommands = Merge.class,
        header = "Runs simulated ensembles through faults, one for each seed.",
        synopsisHeading = "%n",
        customSynopsis = {
            "simulate [--seeds N | --for TIME] [--report DIR] [options]   many seeds",
            "simulate --resume DIR [--jobs N] [--for TIME]   the seeds that are missing in a"
                    + " report",
            "simulate --seed S [options]   one seed, looked at closely",
            "simulate --scenario FILE [options]   one run with the faults in a file",
            "simulate --show PATH [--seeds N] [options]   the shortest run that takes a rare path",
            "simulate --speed [--seeds N] [options]   how fast one core simulates",
            "simulate merge DIR... --report DIR   the reports of several campaigns in one"
        },
        optionListHeading = "%n",
        commandListHeading = "%n",
        footerHeading = "%n",
        footer = {
            "With --report a campaign keeps its state in that folder; the same command, or"
                    + " --resume, goes on where it was stopped.",
            "Exit codes: 0 everything held, 1 something did not, 2 bad invocation or file."
        })
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INVOCATION = 2;
    private static final int MOST_SERVERS = 99;
    private static final long MOST_SCENARIO_BYTES = 16L << 20;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long USUAL_SEEDS = 100;
    private static final String NONE = "none";

    /** With these a campaign that goes on may differ from what it was. */
    private static final List<String> WITH_RESUME =
            List.of("--resume", "--jobs", "--for", "--patience", "--progress");

    /** A scenario says all the rest itself. */
    private static final List<String> WITH_SCENARIO =
            List.of("--scenario", "--twice", "--patience", "--report");

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

    @Option(
            names = "--parts",
            paramLabel = "N",
            description = "split the seeds among so many campaigns, and run one part of them")
    private @Nullable Long parts;

    @Option(
            names = "--part",
            paramLabel = "I",
            defaultValue = "${env:JOB_COMPLETION_INDEX}",
            description = "which part, from 0 on; what JOB_COMPLETION_INDEX says if unset")
    private @Nullable Long part;

    @Option(names = "--dry-run", description = "only say which seeds would be run")
    private boolean dryRun;

    @Option(names = "--seed", paramLabel = "S", description = "this seed only, and more about it")
    private @Nullable Long seed;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "the run that a file describes")
    private @Nullable Path scenario;

    @Option(
            names = "--show",
            paramLabel = "PATH",
            description = "look for a run that takes this rare path, such as 'TRUNC sent'")
    private @Nullable String show;

    @Option(names = "--speed", description = "measure how fast one core simulates")
    private boolean speed;

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

    @Option(
            names = "--mistake",
            paramLabel = "NAME",
            description =
                    "plant a mistake, to see that it is found: one of ${COMPLETION-CANDIDATES}")
    private Mistake mistake = Mistake.NONE;

    @Option(names = "--jobs", paramLabel = "N", description = "threads; one a processor if unset")
    private @Nullable Integer jobs;

    @Option(names = "--twice", description = "run each seed twice: it must be the same run")
    private boolean twice;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "after how long a run is said to hang; ${DEFAULT-VALUE} if unset")
    private String patience = "2m";

    @Option(
            names = "--progress",
            paramLabel = "HOW",
            description = "bar, lines (one a minute) or none; a bar on a terminal if unset")
    private ManyRuns.@Nullable Shown shown;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "where to put the state, the pages, the diagrams and shrunk scenarios")
    private @Nullable Path report;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "go on with the campaign whose report this is")
    private @Nullable Path resume;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "take the steps again that a real server has recorded: serve --record")
    private @Nullable Path recording;

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
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(out, err, arguments));
    }

    /** Runs what the arguments ask for; the exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        // Whatever the machine speaks: people compare what two of them say.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        CommandLine line = new CommandLine(new Main());
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, at, _) -> {
            at.getErr().println("simulate: " + complaint(e));
            return BAD_INVOCATION;
        });
        return line.execute(arguments);
    }

    private static String complaint(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
            case IOException failed when failed.getMessage() != null -> failed.getMessage();
            default -> e.toString();
        };
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        check();
        PrintWriter out = spec.commandLine().getOut();
        OneRun closer = new OneRun(out, patience());
        boolean good;
        if (recording != null) {
            good = replay(recording, out);
        } else if (scenario != null) {
            good =
                    closer.run(
                            read(scenario),
                            "simulation/simulate --scenario " + scenario,
                            twice,
                            report);
        } else if (seed != null) {
            Plan plan = Swarm.draw(seed, options());
            good = closer.run(plan, task().replay(seed), twice, report);
        } else if (speed) {
            good = new Speed(out).measure(options(), from, seeds == null ? USUAL_SEEDS : seeds);
        } else if (show != null) {
            good = closer.show(task(), show);
        } else if (resume != null) {
            good = resume(resume);
        } else {
            good = begin();
        }
        out.flush();
        return good ? 0 : FAILED;
    }

    private static boolean replay(Path file, PrintWriter out) throws IOException {
        try {
            Replay.Report report = new Replay(Files.readAllBytes(file)).run();
            out.println(report.text());
            return true;
        } catch (Replay.DivergedException e) {
            out.println(e.getMessage());
            return false;
        }
    }

    // ---- arguments

    private void check() {
        demand(servers >= 1 && servers <= MOST_SERVERS, "--servers: a number from 1 to 99");
        demand(observers >= 0 && observers <= MOST_SERVERS, "--observers: a number from 0 to 99");
        demand(clients >= 1 && clients <= 1_000, "--clients: a number from 1 to 1000");
        demand(actSeconds >= 1 && actSeconds <= 100_000, "--act: a number from 1 to 100000");
        demand(
                seeds == null || (seeds >= 1 && seeds <= Seeds.MOST),
                "--seeds: a number from 1 to " + Seeds.MOST);
        demand(Math.abs(from) <= Seeds.MOST, "--from: a number up to " + Seeds.MOST);
        demand(jobs == null || (jobs >= 1 && jobs <= 1_024), "--jobs: a number from 1 to 1024");
        demand(
                duration == null || Durations.nanos(duration) != null,
                "--for: a time such as 90s, 10m or 2h");
        demand(Durations.nanos(patience) != null, "--patience: a time such as 90s, 10m or 2h");
        for (String name : faults == null ? List.<String>of() : faults) {
            demand(
                    TimedFault.NAMES.contains(name) || name.equals(NONE),
                    "--faults: '" + name + "' is none of " + TimedFault.NAMES + " or 'none'");
        }
        demand(
                faults == null || !faults.contains(NONE) || faults.size() == 1,
                "--faults: 'none' or names, not both");
        int ways = (seed == null ? 0 : 1) + (scenario == null ? 0 : 1) + (resume == null ? 0 : 1);
        demand(ways <= 1, "--seed, --scenario and --resume: one of them");
        if (scenario != null) {
            demandOnly(WITH_SCENARIO, "the scenario says that itself");
        }
        if (seed != null) {
            demand(seeds == null && duration == null, "--seeds and --for: for many seeds");
        }
        List<String> paths = Sometimes.ALL.stream().map(Sometimes::name).toList();
        demand(show == null || paths.contains(show), "--show: one of " + paths);
        checkParts();
    }

    private void checkParts() {
        if (parts == null) {
            return;
        }
        demand(parts >= 1 && parts <= Seeds.MOST_PARTS, "--parts: from 1 to " + Seeds.MOST_PARTS);
        demand(seeds != null, "--parts: with --seeds, the number of all of them");
        demand(
                part != null && part >= 0 && part < parts,
                "--part: a number from 0 to "
                        + (parts - 1)
                        + ", or JOB_COMPLETION_INDEX set to one");
    }

    private void demand(boolean holds, String expected) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), expected);
        }
    }

    private void demandOnly(List<String> allowed, String why) {
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            demand(allowed.contains(given.longestName()), given.longestName() + ": " + why);
        }
    }

    private Options options() {
        List<String> chosen = TimedFault.NAMES;
        if (faults != null) {
            chosen = TimedFault.NAMES.stream().filter(faults::contains).toList();
        }
        return new Options(
                servers, observers, clients, actSeconds * MICROS_PER_SECOND, chosen, mistake);
    }

    private Task task() {
        Seeds whole = new Seeds(from, seeds != null ? seeds : USUAL_SEEDS);
        if (seeds == null && duration != null) {
            whole = new Seeds(from, Seeds.OPEN);
        }
        Seeds own = parts == null || part == null ? whole : whole.part(part, parts);
        return new Task(options(), twice, whole, own);
    }

    private Duration patience() {
        Long nanos = Durations.nanos(patience);
        return Duration.ofNanos(nanos == null ? 0 : nanos);
    }

    private static Plan read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": a folder, and no scenario");
        }
        if (Files.isRegularFile(file) && Files.size(file) > MOST_SCENARIO_BYTES) {
            throw new IOException(file + ":1: expected at most " + MOST_SCENARIO_BYTES + " bytes");
        }
        try {
            return Scenario.read(Files.readString(file), file.toString());
        } catch (CharacterCodingException e) {
            throw new IOException(file + ":1: expected UTF-8 text", e);
        } catch (Scenario.MalformedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    // ---- many runs

    private boolean begin() throws IOException, InterruptedException, ExecutionException {
        Task task = task();
        if (dryRun) {
            spec.commandLine().getOut().println("seeds " + task.own() + " of " + task.whole());
            return true;
        }
        if (report == null) {
            return many(new Ledger(task, Code.name()), null);
        }
        try (ReportFolder folder = ReportFolder.open(report)) {
            Ledger before = ReportFolder.read(report);
            if (before == null) {
                before = new Ledger(task, Code.name());
            }
            demand(
                    before.task().equals(task),
                    "--report: "
                            + report
                            + " holds another campaign: seeds "
                            + before.task().own()
                            + ", "
                            + before.task().description());
            return many(checked(before, report), folder);
        }
    }

    private boolean resume(Path place)
            throws IOException, InterruptedException, ExecutionException {
        demandOnly(WITH_RESUME, "a campaign goes on with the settings it began with");
        demand(Files.isDirectory(place), "--resume: there is no folder " + place);
        try (ReportFolder folder = ReportFolder.open(place)) {
            Ledger before = ReportFolder.read(place);
            if (before == null) {
                throw new IOException(place + ": holds no campaign to go on with");
            }
            return many(checked(before, place), folder);
        }
    }

    /** What other code has found says nothing of this one. */
    private Ledger checked(Ledger before, Path place) throws IOException {
        if (before.done() == 0) {
            return new Ledger(before.task(), Code.name());
        }
        demand(
                before.code().equals(Code.name()),
                place
                        + ": holds a campaign of other code ("
                        + before.code()
                        + ", this is "
                        + Code.name()
                        + "); take another folder");
        return before;
    }

    private boolean many(Ledger before, @Nullable ReportFolder folder)
            throws IOException, InterruptedException, ExecutionException {
        int threads = jobs == null ? Runtime.getRuntime().availableProcessors() : jobs;
        Long nanos = duration == null ? null : Durations.nanos(duration);
        demand(
                nanos != null || !before.task().own().isOpen(),
                "--for: how long to go on, since the campaign has no last seed");
        var how = new ManyRuns.How(threads, nanos == null ? 0 : nanos, patience(), shown);
        return new ManyRuns(
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr(),
                        how,
                        before,
                        folder)
                .run();
    }
}
