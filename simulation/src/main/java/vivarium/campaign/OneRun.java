package vivarium.campaign;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.Outcome;
import vivarium.simulation.Plan;
import vivarium.simulation.Scenario;
import vivarium.simulation.Shrinking;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;

/** One run, looked at closely: what happened, what is the least that it takes. */
final class OneRun {
    /** More makes a page that browsers are slow with; the last ones are those to look for. */
    private static final int KEPT_ENTRIES = 200_000;

    private static final int MOST_SHRINKING_RUNS = 1_500;

    /** What the names of all files of single seeds begin with. */
    static final String PREFIX = "seed-";

    private static final double MICROS_PER_SECOND = 1e6;

    private final PrintWriter out;
    private final Duration patience;

    OneRun(PrintWriter out, Duration patience) {
        this.out = out;
        this.patience = patience;
    }

    /**
     * Runs a plan and tells what came of it.
     *
     * @param how what to type to run it once more
     * @param report where to put its diagram, null for nowhere
     * @return whether everything held
     */
    boolean run(Plan plan, String how, boolean twice, @Nullable Path report)
            throws IOException, InterruptedException, ExecutionException {
        Outcome outcome;
        long startNanos = System.nanoTime();
        try {
            outcome = Patience.within(patience, () -> run(plan, twice, report != null));
        } catch (Patience.HangException e) {
            out.println(how);
            out.println("FAILED " + new Failure(plan.seed(), Patience.INVARIANT, message(e)));
            return false;
        }
        long tookNanos = System.nanoTime() - startNanos;
        out.printf(
                Locale.ROOT,
                "%s: %,d events in %.1f simulated seconds, %,d operations, %d faults, trace"
                        + " %016x%n",
                how,
                outcome.events(),
                outcome.micros() / MICROS_PER_SECOND,
                outcome.operations(),
                plan.faults().size(),
                outcome.hash());
        Violation violation = outcome.violation();
        out.println(
                violation == null
                        ? "good"
                        : "FAILED "
                                + new Failure(
                                        plan.seed(), violation.invariant(), message(violation)));
        out.flush();
        Outcome shrunk = violation == null ? null : shrink(outcome, tookNanos);
        if (shrunk != null) {
            out.println("shrunk from " + size(outcome) + " to " + size(shrunk) + ":");
            out.print(Scenario.write(shrunk.plan()));
        }
        if (report != null) {
            try (ReportFolder folder = ReportFolder.open(report)) {
                write(folder, outcome, shrunk, how);
            }
            out.println("report in " + report);
        }
        return violation == null;
    }

    private static String size(Outcome outcome) {
        return outcome.plan().faults().size()
                + " faults and "
                + Shrinking.requests(outcome)
                + " requests";
    }

    private static String message(Throwable e) {
        return String.valueOf(e.getMessage());
    }

    private static Outcome run(Plan plan, boolean twice, boolean kept) {
        Outcome outcome = World.run(plan, kept ? KEPT_ENTRIES : 0);
        return twice ? Campaign.compared(outcome, World.run(plan, 0)) : outcome;
    }

    /**
     * Looks for a run in which a rare path is taken and everything holds, and tells the shortest.
     *
     * @param mark the path's name
     * @return whether there was one
     */
    boolean show(Task task, String mark) throws InterruptedException, ExecutionException {
        Predicate<Outcome> isTaken =
                outcome -> outcome.isGood() && outcome.marks().seen().containsKey(mark);
        for (long seed = task.own().from(); seed <= task.own().last(); seed++) {
            long startNanos = System.nanoTime();
            Outcome outcome = World.run(Swarm.draw(seed, task.options()), 0);
            if (isTaken.test(outcome)) {
                int runs = affordable(System.nanoTime() - startNanos);
                Outcome shrunk = within(() -> Shrinking.shrink(outcome, isTaken, runs));
                Outcome shortest = shrunk == null ? outcome : shrunk;
                out.println("# " + mark + ": " + size(shortest) + ", from " + task.replay(seed));
                out.print(Scenario.write(shortest.plan()));
                return true;
            }
        }
        out.println("in none of the seeds " + task.own());
        return false;
    }

    /**
     * Looks closely at a seed that failed in a campaign: its diagram, and a scenario with as little
     * as it takes.
     */
    void explain(ReportFolder folder, Plan plan, String how)
            throws IOException, InterruptedException, ExecutionException {
        try {
            long startNanos = System.nanoTime();
            Outcome outcome = Patience.within(patience, () -> run(plan, false, true));
            long tookNanos = System.nanoTime() - startNanos;
            write(folder, outcome, outcome.isGood() ? null : shrink(outcome, tookNanos), how);
        } catch (Patience.HangException e) {
            folder.write(name(plan.seed()) + ".txt", message(e) + "\n" + how + "\n");
        }
    }

    /** The least that still fails in the same way, as far as it is found while patience lasts. */
    private @Nullable Outcome shrink(Outcome outcome, long tookNanos)
            throws InterruptedException, ExecutionException {
        int runs = affordable(tookNanos);
        if (runs == 0 || outcome.violation() == null) {
            return null;
        }
        return within(() -> World.run(Shrinking.shrink(outcome, runs).plan(), KEPT_ENTRIES));
    }

    /** How many runs may be spent on shortening one. */
    private int affordable(long tookNanos) {
        long affordable = patience.toNanos() / 4 / Math.max(1, tookNanos);
        return (int) Math.min(MOST_SHRINKING_RUNS, affordable);
    }

    private @Nullable Outcome within(Callable<Outcome> work)
            throws InterruptedException, ExecutionException {
        try {
            return Patience.within(patience, work);
        } catch (Patience.HangException _) {
            out.println("not shrunk: that took longer than " + patience.toSeconds() + " s");
            return null;
        }
    }

    /** What the files of a seed are called, without what follows the dot. */
    static String name(long seed) {
        return PREFIX + seed;
    }

    private static void write(
            ReportFolder folder, Outcome outcome, @Nullable Outcome shrunk, String how)
            throws IOException {
        String name = name(outcome.plan().seed());
        folder.write(name + ".trace", lines(outcome));
        folder.write(name + ".html", Diagram.html(outcome, how));
        if (shrunk != null) {
            folder.write(name + ".scenario", Scenario.write(shrunk.plan()));
            folder.write(name + "-shrunk.trace", lines(shrunk));
            folder.write(
                    name + "-shrunk.html",
                    Diagram.html(shrunk, "simulation/simulate --scenario " + name + ".scenario"));
        }
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
}
