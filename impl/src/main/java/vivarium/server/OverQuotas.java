package vivarium.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;

/**
 * The log of subtrees that have outgrown their quotas. Each is named at once, and after that once a
 * window with how often it was written to meanwhile; some few subtrees a window, lest whoever makes
 * many quotas fill the disk.
 */
final class OverQuotas {
    private static final Logger LOG = LoggerFactory.getLogger("vivarium.quotas");
    static final long WINDOW_MILLIS = 15_000;
    static final int MOST_LINES_A_WINDOW = 20;

    private long windowStartMillis = Long.MIN_VALUE / 2;

    /** What was named in this window, and how often it should have been since. */
    private final Map<Key, Integer> unsaid = new LinkedHashMap<>();

    private int unnamed;

    private record Key(Path path, boolean inBytes) {}

    /** A write has gone beyond a quota. */
    void say(long nowMillis, OverQuota excess) {
        if (nowMillis - windowStartMillis >= WINDOW_MILLIS) {
            windowStartMillis = nowMillis;
            unsaid.forEach((key, times) -> {
                if (times > 0) {
                    LOG.warn("Quota of {}: exceeded {} times more", key.path, times);
                }
            });
            if (unnamed > 0) {
                LOG.warn("Quotas of other paths: exceeded {} times", unnamed);
            }
            unsaid.clear();
            unnamed = 0;
        }
        Key key = new Key(excess.path(), excess.inBytes());
        Integer times = unsaid.get(key);
        if (times != null) {
            unsaid.put(key, times + 1);
        } else if (unsaid.size() < MOST_LINES_A_WINDOW) {
            unsaid.put(key, 0);
            LOG.warn(
                    "Quota exceeded: {} [current {}={}, limit={}]",
                    excess.path(),
                    excess.inBytes() ? "bytes" : "count",
                    excess.used(),
                    excess.limit());
        } else {
            unnamed++;
        }
    }
}
