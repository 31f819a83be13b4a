package vivarium.campaign;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;

/** How fast one core simulates, by the clock on the wall and by the processor's. */
final class Speed {
    private static final double MICROS = 1e6;
    private static final double NANOS = 1e9;

    /** Runs before it is measured, so that the code is compiled. */
    private static final int WARM_UP = 20;

    private final PrintWriter out;

    Speed(PrintWriter out) {
        this.out = out;
    }

    /**
     * Runs seeds one after the other on this thread, those before the first as a warm-up.
     *
     * @return whether everything held
     */
    boolean measure(Options options, long from, long seeds) {
        for (long seed = from - WARM_UP; seed < from; seed++) {
            World.run(Swarm.draw(seed, options), 0);
        }
        double simulated = 0;
        double events = 0;
        int failed = 0;
        long startNanos = System.nanoTime();
        long startCpuNanos = cpuNanos();
        for (long seed = from; seed < from + seeds; seed++) {
            Outcome outcome = World.run(Swarm.draw(seed, options), 0);
            simulated += outcome.micros() / MICROS;
            events += outcome.events();
            failed += outcome.isGood() ? 0 : 1;
        }
        double seconds = (System.nanoTime() - startNanos) / NANOS;
        double cpuSeconds = (cpuNanos() - startCpuNanos) / NANOS;
        out.println(
                options.servers()
                        + " servers, "
                        + options.observers()
                        + " observers, "
                        + options.clients()
                        + " clients, "
                        + seeds
                        + " seeds on one thread, "
                        + failed
                        + " failed");
        tell("by the clock", simulated, events, seconds);
        tell("by the processor's time", simulated, events, cpuSeconds);
        return failed == 0;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void tell(String how, double simulated, double events, double seconds) {
        out.println(
                String.format(
                        Locale.ROOT,
                        "%s: %,.0f simulated s/s, %,.0f events/s, in %.1f s",
                        how,
                        simulated / seconds,
                        events / seconds,
                        seconds));
    }
}
