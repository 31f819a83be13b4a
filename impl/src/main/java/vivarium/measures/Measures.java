package vivarium.measures;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.Map;

/**
 * Gathers the values of measures at one moment. A count keeps ZooKeeper's name for it, which the
 * exposition format would end in {@code _total} if it knew that it is a count.
 */
public final class Measures {
    /** The label that tells several things of one name apart. */
    public static final String KEY = "key";

    private static final double[] SOME = {0, 0.5, 1};
    private static final double[] MORE = {0, 0.5, 0.9, 0.95, 0.99, 0.999, 1};

    private final MetricSnapshots.Builder all = MetricSnapshots.builder();

    /** What goes up and down. */
    public void gauge(String name, Number value) {
        all.metricSnapshot(
                GaugeSnapshot.builder()
                        .name(name)
                        .dataPoint(
                                GaugeDataPointSnapshot.builder().value(value.doubleValue()).build())
                        .build());
    }

    /** What goes up and down, of several things, each with its name. */
    public void gauges(String name, Map<String, Long> values) {
        if (values.isEmpty()) {
            return;
        }
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name);
        values.forEach((key, value) ->
                gauge.dataPoint(
                        GaugeDataPointSnapshot.builder()
                                .value(value.doubleValue())
                                .labels(Labels.of(KEY, key))
                                .build()));
        all.metricSnapshot(gauge.build());
    }

    /** What only goes up, since the start or since somebody reset it. */
    public void count(String name, long value) {
        all.metricSnapshot(
                UnknownSnapshot.builder()
                        .name(name)
                        .dataPoint(UnknownDataPointSnapshot.builder().value((double) value).build())
                        .build());
    }

    /** Values with their extremes and median. */
    public void summary(String name, Distribution values) {
        summary(name, values, SOME);
    }

    /** Values that another thread may add to meanwhile. */
    public void summary(String name, Summary values) {
        values.read(read -> summary(name, read));
    }

    /** Values with their extremes, median and highest percents. */
    public void percentiles(String name, Distribution values) {
        summary(name, values, MORE);
    }

    private void summary(String name, Distribution values, double[] which) {
        Quantile[] quantiles = new Quantile[which.length];
        for (int i = 0; i < which.length; i++) {
            long value =
                    which[i] == 0
                            ? values.min()
                            : which[i] == 1 ? values.max() : values.quantile(which[i]);
            quantiles[i] = new Quantile(which[i], (double) value);
        }
        all.metricSnapshot(
                SummarySnapshot.builder()
                        .name(name)
                        .dataPoint(
                                SummaryDataPointSnapshot.builder()
                                        .count(values.count())
                                        .sum((double) values.sum())
                                        .quantiles(Quantiles.of(quantiles))
                                        .labels(Labels.EMPTY)
                                        .build())
                        .build());
    }

    /** All that was gathered, in the registry's form. */
    public MetricSnapshots build() {
        return all.build();
    }
}
