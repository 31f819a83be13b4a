package vivarium.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * What came of a load.
 *
 * @param operations answered within the measured time
 * @param seconds the measured time
 * @param latency from just before a request was written to just after its reply was read, in
 *     nanoseconds; with a rate, from when the request was due
 * @param clientCpuNanos what the generator's own thread has used meanwhile
 */
public record LoadResult(long operations, double seconds, Histogram latency, long clientCpuNanos) {

    public double operationsPerSecond() {
        return operations / seconds;
    }

    /** The latency that {@code percentile} percent of the requests did not exceed. */
    public double latencyMicros(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }

    public double clientCpuMicrosPerOperation() {
        return operations == 0 ? 0 : clientCpuNanos / 1e3 / operations;
    }
}
