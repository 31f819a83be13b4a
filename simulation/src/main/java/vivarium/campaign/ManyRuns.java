package vivarium.campaign;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.Sometimes;
import vivarium.simulation.Swarm;

/**
 * A campaign from its beginning, or from where it was stopped, to its end, and what is told of it.
 */
final class ManyRuns {
    private static final int MOST_TOLD = 20;
    private static final int MOST_EXPLAINED = 10;
    private static final int MOST_EXPLAINED_OF_A_KIND = 3;
    private static final int MOST_HANGING = 64;
    private static final long SAVE_MILLIS = 250;
    private static final long LINE_NANOS = 60_000_000_000L;

    private final PrintWriter out;
    private final PrintWriter err;
    private final How how;
    private final Ledger before;
    private final @Nullable ReportFolder folder;
    private final long startNanos = System.nanoTime();
    private final Campaign campaign;
    private final Progress progress;

    /** Guarded by this: whether the end has been told, which happens once. */
    private boolean told;

    /** How progress is shown. */
    enum Shown {
        /** One line that is written again and again. */
        BAR,
        /** A line a minute. */
        LINES,
        NONE
    }

    /**
     * What does not matter for what comes of a seed.
     *
     * @param nanos for how long, 0 for as long as it takes
     * @param patience after how long a run is said to hang
     * @param shown null for a bar on a terminal and lines elsewhere
     */
    record How(int jobs, long nanos, Duration patience, @Nullable Shown shown) {}

    /**
     * @param before what was done before; of its task the seeds that are missing are run
     * @param folder where the state is kept, null for nowhere
     */
    ManyRuns(
            PrintWriter out,
            PrintWriter err,
            How how,
            Ledger before,
            @Nullable ReportFolder folder) {
        this.out = out;
        this.err = err;
        this.how = how;
        this.before = before;
        this.folder = folder;
        boolean hasEnd = how.nanos() != 0;
        long endNanos = startNanos + (hasEnd ? how.nanos() : Long.MAX_VALUE / 2);
        this.campaign = new Campaign(before.copy(), how.patience(), endNanos, MOST_HANGING);
        this.progress = new Progress(before, startNanos, endNanos, hasEnd);
    }

    /** Runs them; whether everything held, also before. */
    boolean run() throws IOException, InterruptedException, ExecutionException {
        out.println("seeds " + before.task().own() + ": " + before.task().description());
        if (before.done() > 0) {
            out.println("going on; run before: " + before.ran());
        }
        out.flush();
        save(ledger());
        Thread ending = new Thread(this::interrupted);
        Runtime.getRuntime().addShutdownHook(ending);
        campaign.start(how.jobs());
        follow();
        Ledger after = end("");
        if (folder != null) {
            explain(after, folder);
            folder.write(ReportPage.FILE, ReportPage.html(after, folder));
            out.println("report in " + folder.path());
            out.flush();
        }
        Runtime.getRuntime().removeShutdownHook(ending);
        return after.failed() == 0;
    }

    private void follow() throws IOException, InterruptedException {
        Shown shown = how.shown() != null ? how.shown() : isTerminal() ? Shown.BAR : Shown.LINES;
        long saved = before.done();
        long lineNanos = startNanos;
        int width = 0;
        boolean over = false;
        while (!over) {
            over = campaign.await(SAVE_MILLIS);
            Ledger now = ledger();
            if (now.done() > saved) {
                save(now);
                saved = now.done();
            }
            if (shown == Shown.BAR) {
                String line = progress.line(now);
                err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
                err.flush();
                width = line.length();
            } else if (shown == Shown.LINES && System.nanoTime() - lineNanos > LINE_NANOS) {
                err.println(progress.line(now));
                err.flush();
                lineNanos = System.nanoTime();
            }
        }
        if (shown == Shown.BAR) {
            err.println();
        }
    }

    /** What has been done up to now, and how long that took. */
    private Ledger ledger() {
        Ledger now = campaign.ledger();
        now.count("elapsed-millis", (System.nanoTime() - startNanos) / 1_000_000);
        return now;
    }

    private synchronized void save(Ledger ledger) throws IOException {
        if (folder != null && !told) {
            folder.save(ledger);
        }
    }

    // ---- the end

    /** Somebody has had enough: what was done is told all the same. */
    private void interrupted() {
        campaign.stop();
        try {
            Ledger after = end("stopped: ");
            if (folder != null) {
                folder.write(ReportPage.FILE, ReportPage.html(after, folder));
                out.println("simulation/simulate --resume " + folder.path() + " goes on");
            }
        } catch (IOException e) {
            out.println("the state could not be saved: " + e.getMessage());
        }
        out.flush();
    }

    private synchronized Ledger end(String why) throws IOException {
        Ledger after = ledger();
        save(after);
        if (!told) {
            told = true;
            out.println((why.isEmpty() ? "" : "\n") + why + progress.summary(after));
            tell(out, after);
        }
        return after;
    }

    /** Everything that people ask first. */
    static void tell(PrintWriter out, Ledger ledger) {
        SeedSet missing = ledger.missing();
        out.println("seeds run: " + ledger.ran());
        if (!missing.isEmpty()) {
            out.println("seeds not run: " + missing);
        }
        ledger.faults()
                .forEach((fault, times) -> out.printf("  %,12d x %s injected%n", times, fault));
        ledger.paths().forEach((path, times) -> out.printf("  %,12d x %s%n", times, path));
        List<Sometimes> never = neverSeen(ledger);
        if (!never.isEmpty()) {
            out.println(
                    "never seen: "
                            + String.join(", ", never.stream().map(Sometimes::name).toList()));
        }
        int shown = 0;
        for (Failure failure : ledger.failures()) {
            if (shown++ < MOST_TOLD) {
                out.println("FAILED seed " + failure.seed() + " " + failure);
                out.println("  " + ledger.task().replay(failure.seed()));
            }
        }
        if (ledger.failed() > MOST_TOLD) {
            out.println("and " + (ledger.failed() - MOST_TOLD) + " failures more");
        }
        out.flush();
    }

    /** The rare paths that could have been taken and never were. */
    static List<Sometimes> neverSeen(Ledger ledger) {
        return Sometimes.of(ledger.task().options()).stream()
                .filter(path -> !ledger.hasSeen(path))
                .toList();
    }

    /** The first failures of each kind get a diagram and a shrunk scenario. */
    private void explain(Ledger ledger, ReportFolder report)
            throws IOException, InterruptedException, ExecutionException {
        OneRun closer = new OneRun(out, how.patience());
        Map<String, Integer> explained = new TreeMap<>();
        int all = 0;
        for (Failure failure : ledger.failures()) {
            int ofItsKind = explained.merge(failure.invariant(), 1, Integer::sum);
            if (ofItsKind > MOST_EXPLAINED_OF_A_KIND || all++ >= MOST_EXPLAINED) {
                continue;
            }
            String name = OneRun.name(failure.seed());
            if (failure.invariant().equals(Patience.INVARIANT)) {
                report.write(name + ".txt", failure.message() + "\n");
            } else if (!report.has(name + ".html")) {
                out.println("looking closer at seed " + failure.seed());
                out.flush();
                closer.explain(
                        report,
                        Swarm.draw(failure.seed(), ledger.task().options()),
                        ledger.task().replay(failure.seed()));
            }
        }
    }

    /** The documentation of the JDK still allows that there is none. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
