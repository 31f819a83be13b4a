package vivarium.benchmarks.compare;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import vivarium.benchmarks.servers.Contender;

/**
 * The median of a figure over all rounds, for both servers.
 *
 * @param apache of Apache's server
 * @param vivarium of ours
 * @param spread how far the rounds of the less steady server lie apart, as a share of its median: a
 *     ratio that differs from 1 by less says nothing
 */
public record Median(double apache, double vivarium, double spread) {

    /** The medians of {@code figure}. */
    public static <T> Median of(Results.Pair<T> samples, ToDoubleFunction<T> figure) {
        double[] apache = sorted(samples.of(Contender.APACHE), figure);
        double[] vivarium = sorted(samples.of(Contender.VIVARIUM), figure);
        return new Median(
                middle(apache), middle(vivarium), Math.max(spread(apache), spread(vivarium)));
    }

    private static <T> double[] sorted(List<T> samples, ToDoubleFunction<T> figure) {
        double[] values = samples.stream().mapToDouble(figure).toArray();
        Arrays.sort(values);
        return values;
    }

    static double middle(double[] sorted) {
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double spread(double[] sorted) {
        double middle = middle(sorted);
        return sorted.length == 0 || middle == 0
                ? 0
                : (sorted[sorted.length - 1] - sorted[0]) / middle;
    }

    /** Ours / Apache's. */
    public double ratio() {
        return vivarium / apache;
    }
}
