package vivarium.campaign;

import java.util.List;
import vivarium.simulation.Options;
import vivarium.simulation.TimedFault;
import vivarium.simulation.server.Mistake;

/**
 * What a campaign is to do. Together with the code it decides what comes of each seed: two
 * campaigns with equal options and equal code can be joined.
 *
 * @param twice whether each seed is run twice, to see that it is the same run
 * @param whole all seeds that belong together, of which other campaigns may have other parts
 * @param own those of this campaign
 */
record Task(Options options, boolean twice, Seeds whole, Seeds own) {
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** The line that runs a seed once more. */
    String replay(long seed) {
        return "simulation/simulate --seed " + seed + flags();
    }

    private String flags() {
        StringBuilder line = new StringBuilder(" --servers ").append(options.servers());
        if (options.observers() > 0) {
            line.append(" --observers ").append(options.observers());
        }
        line.append(" --clients ").append(options.clients());
        line.append(" --act ").append(options.faultyMicros() / MICROS_PER_SECOND);
        if (!options.faults().equals(TimedFault.NAMES)) {
            line.append(" --faults ").append(faults());
        }
        if (options.mistake() != Mistake.NONE) {
            line.append(" --mistake ").append(options.mistake());
        }
        return line.toString();
    }

    /** The faults by their names, or that there are none. */
    String faults() {
        List<String> faults = options.faults();
        return faults.isEmpty() ? "none" : String.join(",", faults);
    }

    /** For people. */
    String description() {
        StringBuilder text = new StringBuilder();
        text.append(options.servers()).append(options.servers() == 1 ? " server" : " servers");
        if (options.observers() > 0) {
            text.append(" and ").append(options.observers()).append(" that only observe");
        }
        text.append(", ").append(options.clients()).append(" clients, ");
        text.append(options.faultyMicros() / MICROS_PER_SECOND).append(" s of faults");
        if (!options.faults().equals(TimedFault.NAMES)) {
            text.append(" (").append(faults()).append(')');
        }
        if (options.mistake() != Mistake.NONE) {
            text.append(", planted: ").append(options.mistake());
        }
        return text.append(twice ? ", each seed twice" : "").toString();
    }
}
