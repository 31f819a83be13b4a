package vivarium.properties.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vivarium.core.Settings;
import vivarium.simulation.Options;
import vivarium.simulation.Plan;
import vivarium.simulation.Swarm;
import vivarium.simulation.TimedFault;
import vivarium.simulation.World;
import vivarium.simulation.server.Mistake;
import vivarium.simulation.spec.TraceWriter;

/** Traces of simulated runs: of three voters and, in every second one, an observer. */
final class Traces {
    private static final long ACT_MICROS = 4_000_000;
    private static final int CLIENTS = 2;

    /** In the specification no disk is ever lost. */
    private static final List<String> FAULTS =
            TimedFault.NAMES.stream().filter(name -> !name.equals("lose-disk")).toList();

    private final List<String> lines = new ArrayList<>();
    private final List<Long> seeds = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
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
            Plan plan = Swarm.draw(seed, options);
            Settings settings = plan.servers().getFirst().settings();
            int recent = settings.recentProposals();
            long lastCounter = settings.lastCounter();
            TraceWriter writer = new TraceWriter(recent, lastCounter, mostLines);
            World.run(plan, 0, writer);
            add(seed, writer);
        }
    }

    private void add(long seed, TraceWriter writer) {
        seeds.add(seed);
        lines.addAll(writer.lines());
        lines.add("");
        events += writer.lines().size() - 1;
        writer.counts().forEach((action, number) -> counts.merge(action, number, Integer::sum));
    }

    List<String> lines() {
        return lines;
    }

    /** Which seed made a trace; they are counted from 1. */
    long seedOf(int trace) {
        return seeds.get(trace - 1);
    }

    long events() {
        return events;
    }

    /** How many lines there are of each action. */
    Map<String, Integer> counts() {
        return counts;
    }
}
