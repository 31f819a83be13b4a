package vivarium.benchmarks.growth;

import java.time.Duration;
import java.util.List;
import vivarium.benchmarks.load.Load;
import vivarium.benchmarks.load.LoadGenerator;
import vivarium.benchmarks.load.Workload;

/** What grows, how far, and which load is applied at each size. */
enum Curve {
    MEMBERS("setData @128, by members", Workload.SET_DATA),
    ZNODES("setData @128, by znodes in the tree", Workload.SET_DATA),
    READS("getData @128, by znodes in the tree", Workload.GET_DATA),
    CONNECTIONS("getData, by connections (one request each, 128 at least)", Workload.GET_DATA),
    BYTES("setData @16, by bytes of a value", Workload.SET_DATA),
    WATCHES("events, by watches that are set", Workload.WATCHES);

    private static final int OUTSTANDING = 128;
    private static final int OUTSTANDING_LARGE = 16;
    private static final int USUAL_BYTES = 100;

    /** Up to a hundred thousand watches each connection watches a hundred znodes, else all. */
    private static final int FEW_WATCHES = 100_000;

    private static final int WATCHED_ZNODES = 100;
    private static final int EVENTS_IN_ROUND = 20_000;
    private static final int FEW_MEMBERS = 1;

    private final String title;
    private final Workload workload;

    Curve(String title, Workload workload) {
        this.title = title;
        this.workload = workload;
    }

    /** As it stands above its plot. */
    String title() {
        return title;
    }

    /** What is done at each size. */
    Workload workload() {
        return workload;
    }

    /** The sizes that take seconds each. */
    List<Integer> usual() {
        return switch (this) {
            case MEMBERS -> List.of(1, 3, 5);
            case ZNODES, READS, WATCHES -> List.of(1_000, 10_000, 100_000);
            case CONNECTIONS -> List.of(1, 10, 100, 1_000);
            case BYTES -> List.of(0, 100, 1_000, 10_000, 100_000);
        };
    }

    /** Those beyond, which take minutes, and memory. */
    List<Integer> deep() {
        return switch (this) {
            case MEMBERS -> List.of(7);
            case ZNODES, READS -> List.of(1_000_000, 3_000_000);
            case CONNECTIONS -> List.of(10_000);
            case BYTES -> List.of(1_000_000);
            case WATCHES -> List.of(1_000_000, 10_000_000);
        };
    }

    /** Whether the tree has to have that many znodes. */
    boolean isOfZnodes() {
        return this == ZNODES || this == READS;
    }

    /** How many servers there are at this size. */
    int members(int size) {
        return this == MEMBERS ? size : FEW_MEMBERS;
    }

    /** What is asked of them at this size. */
    Load load(int size, Duration leadIn, Duration measured) {
        return switch (this) {
            case MEMBERS, ZNODES, READS ->
                    of(OUTSTANDING, Load.USUAL_CONNECTIONS, USUAL_BYTES, leadIn, measured);
            case CONNECTIONS ->
                    of(Math.max(size, OUTSTANDING), size, USUAL_BYTES, leadIn, measured);
            case BYTES -> of(OUTSTANDING_LARGE, Load.USUAL_CONNECTIONS, size, leadIn, measured);
            case WATCHES -> watches(size, leadIn, measured);
        };
    }

    /** However many watches are set, about as many events come together. */
    private Load watches(int size, Duration leadIn, Duration measured) {
        int watched = size > FEW_WATCHES ? LoadGenerator.ZNODES : WATCHED_ZNODES;
        int connections = size / watched;
        int setAtATime = Math.clamp(EVENTS_IN_ROUND / connections, 1, watched);
        return new Load(
                workload, setAtATime, 0, connections, USUAL_BYTES, leadIn, measured, watched);
    }

    private Load of(
            int outstanding, int connections, int bytes, Duration leadIn, Duration measured) {
        return new Load(workload, outstanding, 0, connections, bytes, leadIn, measured);
    }
}
