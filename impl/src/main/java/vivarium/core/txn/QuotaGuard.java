package vivarium.core.txn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vivarium.core.tree.Path;
import vivarium.core.tree.QuotaFigures;
import vivarium.core.tree.Quotas;

/**
 * Says no to what would go beyond a hard limit, all that is outstanding and the earlier parts of
 * the same multi counted in. A quota itself counts from its commit on.
 */
final class QuotaGuard {
    private final Quotas quotas;
    private final boolean enforces;

    /** By how much the outstanding proposals will change what is used, by the quotas' tops. */
    private final Map<Path, Growth> outstanding = new LinkedHashMap<>();

    private final List<Growth> trial = new ArrayList<>();
    private final ArrayDeque<Agreed> agreed = new ArrayDeque<>();

    /** By how much something changes what is used of the quota for {@code top}. */
    private record Growth(Path top, long count, long bytes) {
        Growth plus(Growth other) {
            return new Growth(top, count + other.count, bytes + other.bytes);
        }

        Growth minus(Growth other) {
            return new Growth(top, count - other.count, bytes - other.bytes);
        }
    }

    private record Agreed(long zxid, List<Growth> growths) {}

    QuotaGuard(Quotas quotas, boolean enforces) {
        this.quotas = quotas;
        this.enforces = enforces;
    }

    private boolean isIdle() {
        return !enforces || quotas.isEmpty();
    }

    /**
     * Whether there is room for a change at {@code path}. As with ZooKeeper, beyond its limit a
     * subtree's data may not change its size at all, except by deletes.
     */
    boolean allows(Path path, int count, long bytes) {
        Path top = isIdle() ? null : quotas.covering(path);
        QuotaFigures used = top == null ? null : quotas.used(top);
        if (top == null || used == null) {
            return true;
        }
        QuotaFigures limits = quotas.limits(top);
        Growth growth = underWay(top, new Growth(top, count, bytes));
        boolean countFits =
                count == 0
                        || limits.countHard() < 0
                        || used.count() + growth.count <= limits.countHard();
        boolean bytesFit =
                bytes == 0
                        || limits.bytesHard() < 0
                        || used.bytes() + growth.bytes <= limits.bytesHard();
        return countFits && bytesFit;
    }

    private Growth underWay(Path top, Growth more) {
        Growth sum = more;
        Growth agreedUpon = outstanding.get(top);
        if (agreedUpon != null) {
            sum = sum.plus(agreedUpon);
        }
        for (Growth tried : trial) {
            if (tried.top.equals(top)) {
                sum = sum.plus(tried);
            }
        }
        return sum;
    }

    /** The trial will change what is used around {@code path}. */
    void grow(Path path, int count, long bytes) {
        Path top = isIdle() ? null : quotas.covering(path);
        if (top == null) {
            return;
        }
        Growth growth = new Growth(top, count, bytes);
        for (int i = 0; i < trial.size(); i++) {
            if (trial.get(i).top.equals(top)) {
                trial.set(i, trial.get(i).plus(growth));
                return;
            }
        }
        trial.add(growth);
    }

    /** The trial counts: it is what the proposal {@code zxid} will do. */
    void accept(long zxid) {
        if (trial.isEmpty()) {
            return;
        }
        for (Growth growth : trial) {
            Growth before = outstanding.get(growth.top);
            outstanding.put(growth.top, before == null ? growth : before.plus(growth));
        }
        agreed.add(new Agreed(zxid, List.copyOf(trial)));
        trial.clear();
    }

    /** The trial never was. */
    void discard() {
        trial.clear();
    }

    /** The tree has everything up to {@code zxid} by now, and what it uses is counted there. */
    void committed(long zxid) {
        Agreed first = agreed.peek();
        while (first != null && first.zxid <= zxid) {
            agreed.remove();
            for (Growth growth : first.growths) {
                subtract(growth);
            }
            first = agreed.peek();
        }
        if (first == null) {
            outstanding.clear();
        }
    }

    private void subtract(Growth growth) {
        @Nullable Growth before = outstanding.get(growth.top);
        if (before != null) {
            outstanding.put(growth.top, before.minus(growth));
        }
    }
}
