package vivarium.server;

import java.util.Map;
import java.util.TreeMap;
import vivarium.core.tree.Path;
import vivarium.core.tree.QuotaFigures;
import vivarium.core.tree.Quotas;
import vivarium.measures.Measures;

/** How much of their quotas the top-level znodes use: for each, that of the quotas below it. */
final class QuotaMeasures {
    /** More are not told of: clients choose how many there are. */
    private static final int MOST = 1_000;

    private final Map<String, Long> countLimits = new TreeMap<>();
    private final Map<String, Long> byteLimits = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<String, Long> bytes = new TreeMap<>();

    private QuotaMeasures() {}

    static void report(Quotas quotas, Measures measures) {
        if (quotas.isEmpty()) {
            return;
        }
        QuotaMeasures found = new QuotaMeasures();
        for (Path top : quotas.tops()) {
            if (found.countLimits.size() < MOST) {
                found.add(top, quotas);
            }
        }
        measures.gauges("quota_count_limit_per_namespace", found.countLimits);
        measures.gauges("quota_bytes_limit_per_namespace", found.byteLimits);
        measures.gauges("quota_count_usage_per_namespace", found.counts);
        measures.gauges("quota_bytes_usage_per_namespace", found.bytes);
    }

    private void add(Path top, Quotas quotas) {
        String path = top.toString();
        int end = path.indexOf('/', 1);
        String name = path.substring(1, end < 0 ? path.length() : end);
        QuotaFigures limits = quotas.limits(top);
        put(countLimits, name, limits.countHard() >= 0 ? limits.countHard() : limits.count());
        put(byteLimits, name, limits.bytesHard() >= 0 ? limits.bytesHard() : limits.bytes());
        QuotaFigures used = quotas.used(top);
        if (used != null) {
            put(counts, name, used.count());
            put(bytes, name, used.bytes());
        }
    }

    /** Where there is no limit, -1 says so. */
    private static void put(Map<String, Long> all, String name, long value) {
        all.merge(name, value, (one, other) -> Math.max(0, one) + Math.max(0, other));
    }
}
