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
 * @param valueBytes the length of values
 */
public record Cell(Workload workload, int outstanding, int ratePerSecond, int valueBytes) {
    private static final int[] OUTSTANDING = {1, 16, 128, 512};

    /** The length that values have unless a title says otherwise. */
    static final int USUAL_BYTES = 100;

    private static final int KIBI = 1_024;
    private static final int WATCHERS = 50;

    /** Of fewer the 99th percentile would be the worst few, and say little. */
    private static final int LEAST_SAMPLES = 2_000;

    /** As many as go, with so many in flight. */
    static Cell closed(Workload workload, int outstanding) {
        return new Cell(workload, outstanding, 0, USUAL_BYTES);
    }

    /** At a fixed rate. */
    static Cell open(Workload workload, int ratePerSecond) {
        return new Cell(workload, 0, ratePerSecond, USUAL_BYTES);
    }

    /** The same with longer values. */
    Cell withKibibyte() {
        return new Cell(workload, outstanding, ratePerSecond, KIBI);
    }

    /** All that a full comparison measures, in its order. */
    public static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Workload workload : List.of(Workload.SET_DATA, Workload.GET_DATA)) {
            for (int outstanding : OUTSTANDING) {
                cells.add(closed(workload, outstanding));
            }
        }
        cells.add(closed(Workload.SET_DATA, 128).withKibibyte());
        cells.add(closed(Workload.SET_DATA, 512).withKibibyte());
        cells.add(closed(Workload.MIXED, 128));
        cells.add(closed(Workload.CREATE, 128));
        cells.add(closed(Workload.MULTI, 128));
        cells.add(closed(Workload.SEQUENTIAL, 128));
        cells.add(closed(Workload.SESSIONS, 16));
        cells.add(closed(Workload.WATCHES, 8));
        cells.add(open(Workload.SET_DATA, 300));
        cells.add(open(Workload.GET_DATA, 1_000));
        return cells;
    }

    /** Those of a server that is alone that have a budget. */
    static List<Cell> budgetedAlone() {
        List<Cell> cells = new ArrayList<>();
        for (int outstanding : new int[] {128, 512}) {
            cells.add(closed(Workload.SET_DATA, outstanding));
            cells.add(closed(Workload.GET_DATA, outstanding));
        }
        return cells;
    }

    /** Its writes alone, for a comparison in which nothing is forced. */
    public static List<Cell> writes() {
        List<Cell> cells = new ArrayList<>();
        for (int outstanding : OUTSTANDING) {
            cells.add(closed(Workload.SET_DATA, outstanding));
        }
        return cells;
    }

    /** As it stands in tables. */
    public String title() {
        return workload.title()
                + (valueBytes == KIBI ? " 1 KiB" : "")
                + (ratePerSecond == 0 ? " @" + outstanding : " at " + ratePerSecond + "/s");
    }

    /** How many connections it uses. */
    public int connections() {
        return workload == Workload.WATCHES
                ? WATCHERS
                : ratePerSecond == 0 ? Load.connectionsFor(outstanding) : Load.USUAL_CONNECTIONS;
    }

    /** The load of one window, which is longer where a rate brings few samples. */
    public Load load(Duration leadIn, Duration measured) {
        return new Load(
                workload,
                outstanding,
                ratePerSecond,
                connections(),
                valueBytes,
                leadIn,
                window(measured));
    }

    /** How long a window of this row is where others are as long as {@code usual}. */
    Duration window(Duration usual) {
        if (ratePerSecond == 0) {
            return usual;
        }
        Duration least = Duration.ofSeconds(LEAST_SAMPLES).dividedBy(ratePerSecond);
        return least.compareTo(usual) > 0 ? least : usual;
    }
}
