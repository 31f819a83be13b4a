package vivarium.simulation;

import java.util.List;
import vivarium.simulation.server.Mistake;

/**
 * What is asked for; all else is drawn from the seed.
 *
 * @param servers how many servers vote, from 1 on
 * @param observers how many only learn
 * @param clients how many clients there are
 * @param faultyMicros how long the first act takes, in which things go wrong
 * @param faults the faults that may be chosen, by name
 * @param mistake what is planted, for tests of the checks
 */
public record Options(
        int servers,
        int observers,
        int clients,
        long faultyMicros,
        List<String> faults,
        Mistake mistake) {
    public Options {
        faults = List.copyOf(faults);
    }

    /** Half a minute of everything. */
    public static Options of(int servers, int clients) {
        return new Options(servers, 0, clients, 30_000_000, TimedFault.NAMES, Mistake.NONE);
    }

    /** The same with a planted mistake. */
    public Options with(Mistake planted) {
        return new Options(servers, observers, clients, faultyMicros, faults, planted);
    }
}
