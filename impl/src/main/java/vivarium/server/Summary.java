package vivarium.server;

/** Count, sum and extremes of some measure; one thread adds, another one reads. */
final class Summary {
    private long count;
    private long sum;
    private long min = Long.MAX_VALUE;
    private long max;

    synchronized void add(long value) {
        count++;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
    }

    /** Appends the five lines by which ZooKeeper reports a summary. */
    synchronized void report(String key, java.util.function.BiConsumer<String, Object> line) {
        line.accept("avg_" + key, count == 0 ? 0.0 : FourLetterWords.rounded((double) sum / count));
        line.accept("min_" + key, count == 0 ? 0 : min);
        line.accept("max_" + key, max);
        line.accept("cnt_" + key, count);
        line.accept("sum_" + key, sum);
    }
}
