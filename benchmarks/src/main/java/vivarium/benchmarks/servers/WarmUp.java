package vivarium.benchmarks.servers;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The load of a kind before it is measured: for {@code lap}, and again until the compilers of all
 * servers have little left to do, or it was done {@code most} times. A kind of load that is slow
 * calls nothing often, so that it takes long until it is compiled.
 */
public record WarmUp(Duration lap, int most) {

    /** Servers are warm when their compilers take no more than this of one core, all together. */
    private static final double CALM_SHARE = 0.1;

    /** Applies the load for one lap. */
    @FunctionalInterface
    public interface Lap {
        void run() throws IOException;
    }

    /**
     * Does as many laps as it takes.
     *
     * @param probes of all servers that the load is for
     */
    public void run(List<JvmProbe> probes, Lap load) throws IOException {
        boolean calm = false;
        for (int done = 0; done < most && !calm; done++) {
            long before = compilingMillis(probes);
            load.run();
            long compiling = compilingMillis(probes) - before;
            calm = compiling <= CALM_SHARE * lap.toMillis();
        }
    }

    private static long compilingMillis(List<JvmProbe> probes) throws IOException {
        long sum = 0;
        for (JvmProbe probe : probes) {
            sum += probe.compilingMillis();
        }
        return sum;
    }
}
