package vivarium.benchmarks.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;
import vivarium.benchmarks.compare.Results.LoadSample;

/**
 * A figure by which servers are compared.
 *
 * @param title what it is, with its unit
 * @param more whether more of it is better
 */
record Figure(String title, boolean more, ToDoubleFunction<LoadSample> of) {
    static final Figure THROUGHPUT =
            new Figure("operations/s", true, LoadSample::operationsPerSecond);
    static final Figure SERVER_CPU =
            new Figure("server CPU µs/op", false, LoadSample::serverCpuMicros);
    static final Figure ALLOCATION =
            new Figure("allocated B/op", false, LoadSample::allocatedBytes);
    static final Figure P50 = new Figure("p50 µs", false, LoadSample::p50Micros);
    static final Figure P99 = new Figure("p99 µs", false, LoadSample::p99Micros);
    static final Figure P999 = new Figure("p99.9 µs", false, LoadSample::p999Micros);

    /** Those that say what an operation costs. */
    static final List<Figure> COSTS = List.of(THROUGHPUT, SERVER_CPU, ALLOCATION);

    /** Those that say how long a client waits. */
    static final List<Figure> WAITS = List.of(P50, P99, P999);

    /** How many times better ours is than Apache's; below 1 it is worse. */
    double advantage(Median median) {
        return more ? median.ratio() : 1 / median.ratio();
    }
}
