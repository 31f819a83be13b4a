package vivarium.properties.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import vivarium.core.Settings;
import vivarium.simulation.Options;
import vivarium.simulation.Plan;
import vivarium.simulation.Swarm;
import vivarium.simulation.TimedFault;
import vivarium.simulation.World;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.server.Mistake;
import vivarium.simulation.spec.TraceWriter;

/** Traces of simulated runs: of three voters and, in every second one, an observer. */
final class Traces {
    private static final long ACT_MICROS = 4_000_000;
    private static final int CLIENTS = 2;
    private static final int MOST_LED = 200;

    /** In the specification no disk is ever lost. */
    private static final List<String> FAULTS =
            TimedFault.NAMES.stream().filter(name -> !name.equals("lose-disk")).toList();

    private final List<String> lines = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<Plan> plans = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<String> places = new TreeSet<>();
    private final Set<String> kinds = new TreeSet<>();
    private long events;

    /**
     * Adds the traces of some seeds.
     *
     * @param mostLines how many lines of each
     */
    void record(long first, int count, int mostLines, Mistake mistake) {
        for (long seed = first; seed < first + count; seed++) {
            Options options =
                    new Options(3, (int) (seed % 2), CLIENTS, ACT_MICROS, FAULTS, mistake);
            record(Swarm.draw(seed, options), mostLines);
        }
    }

    /**
     * Adds traces that are led to what is rare, of the first seeds that suit, until there is enough
     * of it, or no hope.
     */
    void record(Steering steering, int enough, int mostLines) {
        long seed = 0;
        for (int i = 0; i < MOST_LED && least(steering.lines()) < enough; i++) {
            Plan plan = null;
            while (plan == null) {
                seed++;
                plan = steering.plan(seed);
            }
            record(plan, mostLines);
        }
    }

    private int least(List<String> sought) {
        return sought.stream().mapToInt(line -> counts.getOrDefault(line, 0)).min().orElse(0);
    }

    private void record(Plan plan, int mostLines) {
        Settings settings = plan.servers().getFirst().settings();
        TraceWriter writer =
                new TraceWriter(settings.recentProposals(), settings.lastCounter(), mostLines);
        Violation violation = World.trace(plan, writer);
        if (violation != null) {
            violations.add("seed " + plan.seed() + ": " + violation.getMessage());
        }
        plans.add(plan);
        lines.addAll(writer.lines());
        lines.add("");
        events += writer.lines().size() - 1;
        writer.counts().forEach((action, number) -> counts.merge(action, number, Integer::sum));
        places.addAll(writer.places());
        kinds.addAll(writer.kinds());
    }

    List<String> lines() {
        return lines;
    }

    /** What was done that must not be; the trace ends there. */
    List<String> violations() {
        return violations;
    }

    /** What a trace is of; they are counted from 1. */
    Plan planOf(int trace) {
        return plans.get(trace - 1);
    }

    long events() {
        return events;
    }

    /** How many lines there are of each action. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** The phases in which each action was taken, as {@code Action PHASE}. */
    Set<String> places() {
        return places;
    }

    /** The inputs and messages that servers have taken. */
    Set<String> kinds() {
        return kinds;
    }
}
