package vivarium.benchmarks.jmh;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What measures cost: whole commits through three peers, from a frame of bytes through messages and
 * logs of bytes to the bytes of a reply, by turns of three where each counts what a server counts
 * and has a registry that is asked, and of three where none does. Turns are so short that whatever
 * else the machine does befalls both alike, and of all turns of either the quicker half is summed,
 * which nothing that interrupts some of them can move.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CommitMeasures {
    private static final int COMMITS_A_TURN = 16;

    /** Both ensembles. */
    @State(Scope.Thread)
    public static class Ensembles {
        final ThreePeers bare = new ThreePeers(true, false);
        final ThreePeers counted = new ThreePeers(true, true);
    }

    /** What the turns of an iteration took; the public fields are what JMH reports. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Turns {
        private static final int MOST = 1 << 20;

        /** Commits in the quicker half of turns of either. */
        public long commits;

        /** Nanoseconds of the quicker half of turns without measures. */
        public long without;

        /** Nanoseconds of the quicker half of turns with measures. */
        public long with;

        private final long[] bareNanos = new long[MOST];
        private final long[] countedNanos = new long[MOST];
        private int turns;

        @Setup(Level.Iteration)
        public void begin() {
            turns = 0;
            commits = 0;
            without = 0;
            with = 0;
        }

        boolean isEven() {
            return turns % 2 == 0;
        }

        void add(long bare, long counted) {
            if (turns < MOST) {
                bareNanos[turns] = bare;
                countedNanos[turns] = counted;
                turns++;
            }
        }

        @TearDown(Level.Iteration)
        public void sum() {
            commits = (long) turns / 2 * COMMITS_A_TURN;
            without = quickerHalf(bareNanos, turns);
            with = quickerHalf(countedNanos, turns);
        }

        private static long quickerHalf(long[] nanos, int count) {
            Arrays.sort(nanos, 0, count);
            long sum = 0;
            for (int i = 0; i < count / 2; i++) {
                sum += nanos[i];
            }
            return sum;
        }
    }

    /** Each write on its own; the figure is of a turn of both. */
    @Benchmark
    public long alone(Ensembles both, Turns turns) {
        return inTurns(both, turns, CommitMeasures::commitEach);
    }

    /** Sixteen writes that come together; the figure is of a turn of both. */
    @Benchmark
    public long together(Ensembles both, Turns turns) {
        return inTurns(both, turns, ThreePeers::setDataInBatches);
    }

    private static long commitEach(ThreePeers peers) {
        long replies = 0;
        for (int i = 0; i < COMMITS_A_TURN; i++) {
            replies = peers.setData();
        }
        return replies;
    }

    /** Who begins changes from turn to turn: the second finds another's data in the caches. */
    private static long inTurns(Ensembles both, Turns turns, ToLongFunction<ThreePeers> commitAll) {
        boolean bareFirst = turns.isEven();
        long start = System.nanoTime();
        long replies = commitAll.applyAsLong(bareFirst ? both.bare : both.counted);
        long middle = System.nanoTime();
        replies += commitAll.applyAsLong(bareFirst ? both.counted : both.bare);
        long end = System.nanoTime();
        long firstNanos = middle - start;
        long secondNanos = end - middle;
        turns.add(bareFirst ? firstNanos : secondNanos, bareFirst ? secondNanos : firstNanos);
        return replies;
    }
}
