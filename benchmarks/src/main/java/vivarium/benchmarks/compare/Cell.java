package vivarium.benchmarks.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import vivarium.benchmarks.load.Load;
import vivarium.benchmarks.load.Workload;

/**
 * One row of the comparison.
 *
 * @param outstanding requests in flight, 0 where there is a rate
 * @param ratePerSecond requests a second, 0 for as many as go
 */
public record Cell(Workload workload, int outstanding, int ratePerSecond) {
    private static final int[] OUTSTANDING = {1, 16, 128, 512};
    private static final int VALUE_BYTES = 100;

    /** All that a full comparison measures, in its order. */
    public static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Workload workload : List.of(Workload.SET_DATA, Workload.GET_DATA)) {
            for (int outstanding : OUTSTANDING) {
                cells.add(new Cell(workload, outstanding, 0));
            }
        }
        cells.add(new Cell(Workload.MIXED, 128, 0));
        cells.add(new Cell(Workload.CREATE, 128, 0));
        cells.add(new Cell(Workload.SET_DATA, 0, 300));
        cells.add(new Cell(Workload.GET_DATA, 0, 1_000));
        return cells;
    }

    /** Its writes alone, for a comparison in which nothing is forced. */
    public static List<Cell> writes() {
        List<Cell> cells = new ArrayList<>();
        for (int outstanding : OUTSTANDING) {
            cells.add(new Cell(Workload.SET_DATA, outstanding, 0));
        }
        return cells;
    }

    /** As it stands in tables. */
    public String title() {
        return workload.title()
                + (ratePerSecond == 0 ? " @" + outstanding : " at " + ratePerSecond + "/s");
    }

    /** How many connections it uses. */
    public int connections() {
        return ratePerSecond == 0 ? Load.connectionsFor(outstanding) : Load.USUAL_CONNECTIONS;
    }

    /** The load of one window. */
    public Load load(Duration leadIn, Duration measured) {
        return new Load(
                workload, outstanding, ratePerSecond, connections(), VALUE_BYTES, leadIn, measured);
    }
}
