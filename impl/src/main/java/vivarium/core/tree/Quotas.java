package vivarium.core.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * The quotas of a tree: how many znodes, and bytes of data, a subtree may have. A quota is two
 * znodes of the tree, {@code /zookeeper/quota<path>/zookeeper_limits}, which clients write, and
 * {@code zookeeper_stats} beside it, which each server keeps up to date by itself: no transaction
 * says so, and no version, time or watch tells of it.
 *
 * <p>A znode counts for the deepest quota at or above it. There is none for the root.
 */
public final class Quotas {
    private static final String LIMITS = "zookeeper_limits";
    private static final String STATS = "zookeeper_stats";

    private final DataTree tree;

    /** Those with a znode for their limits, by the top of what they are for. */
    private final Map<Path, Quota> quotas = new LinkedHashMap<>();

    /** Where a quota stands in the tree. */
    private record Quota(Path top, Path limits, Path stats) {}

    Quotas(DataTree tree) {
        this.tree = tree;
    }

    /** Whether there is none, as nearly always. */
    public boolean isEmpty() {
        return quotas.isEmpty();
    }

    /** The tops of the subtrees that have a quota, in the order in which they got it. */
    public List<Path> tops() {
        return List.copyOf(quotas.keySet());
    }

    /** The top of the deepest subtree with a quota that {@code path} is in; null for none. */
    public @Nullable Path covering(Path path) {
        if (quotas.isEmpty()) {
            return null;
        }
        for (Path at = path; at != null && !at.isRoot(); at = at.parent()) {
            if (quotas.containsKey(at)) {
                return at;
            }
        }
        return null;
    }

    /** The limits of the quota for {@code top}: none where its znode has gone or can't be read. */
    public QuotaFigures limits(Path top) {
        Quota quota = quotas.get(top);
        Znode znode = quota == null ? null : tree.find(quota.limits);
        QuotaFigures figures = znode == null ? null : QuotaFigures.read(znode.data());
        return figures == null ? QuotaFigures.NONE : figures;
    }

    /** What is used of the quota for {@code top}; null where nobody keeps account of it. */
    public @Nullable QuotaFigures used(Path top) {
        Quota quota = quotas.get(top);
        Znode znode = quota == null ? null : tree.find(quota.stats);
        if (znode == null) {
            return null;
        }
        QuotaFigures figures = QuotaFigures.read(znode.data());
        return figures == null ? count(top) : figures;
    }

    /** A znode has come to be. */
    void onCreated(Path path, Znode znode) {
        Path top = guardedBy(path);
        if (top != null) {
            if (isNamed(znode, LIMITS)) {
                add(top);
            } else if (isNamed(znode, STATS)) {
                tree.rewrite(znode, count(top).text());
            }
        }
        account(path, 1, znode.dataLength());
    }

    /** A znode has gone. */
    void onDeleted(Path path, Znode znode) {
        Path top = guardedBy(path);
        if (top != null && isNamed(znode, LIMITS)) {
            quotas.remove(top);
        }
        account(path, -1, -znode.dataLength());
    }

    /** The data of a znode has grown, or shrunk. */
    void onDataSet(Path path, int growthBytes) {
        account(path, 0, growthBytes);
    }

    /** All znodes of a snapshot are there; what it says of quotas may be out of date. */
    void recover() {
        quotas.clear();
        Znode quotaRoot = tree.find(DataTree.QUOTA);
        if (quotaRoot == null) {
            return;
        }
        Znode at = Capture.next(quotaRoot, quotaRoot);
        while (at != null) {
            if (isNamed(at, LIMITS) && at.childCount() == 0) {
                Path top = guardedBy(at.path());
                if (top != null) {
                    recover(add(top));
                }
            }
            at = Capture.next(at, quotaRoot);
        }
    }

    private void recover(Quota quota) {
        Znode stats = tree.find(quota.stats);
        if (stats != null) {
            tree.rewrite(stats, count(quota.top).text());
        }
    }

    private Quota add(Path top) {
        Path home = Path.of(DataTree.QUOTA + (top.isRoot() ? "" : top.toString()));
        Quota quota = new Quota(top, home.child(LIMITS), home.child(STATS));
        quotas.put(top, quota);
        return quota;
    }

    private void account(Path path, int count, int bytes) {
        Path top = covering(path);
        Quota quota = top == null ? null : quotas.get(top);
        Znode stats = quota == null ? null : tree.find(quota.stats);
        if (quota == null || stats == null) {
            return;
        }
        QuotaFigures before = QuotaFigures.read(stats.data());
        QuotaFigures after =
                before == null
                        ? count(quota.top)
                        : QuotaFigures.used(before.count() + count, before.bytes() + bytes);
        tree.rewrite(stats, after.text());
        warn(quota.top, after, count, bytes);
    }

    /** Who is told of a limit that both kinds of limit were set for is told of the soft one. */
    private void warn(Path top, QuotaFigures used, int count, int bytes) {
        QuotaFigures limits = limits(top);
        long countLimit = limits.count() >= 0 ? limits.count() : limits.countHard();
        if (count > 0 && countLimit >= 0 && used.count() > countLimit) {
            tree.tell(new OverQuota(top, false, used.count(), countLimit));
        }
        long bytesLimit = limits.bytes() >= 0 ? limits.bytes() : limits.bytesHard();
        if (bytes > 0 && bytesLimit >= 0 && used.bytes() > bytesLimit) {
            tree.tell(new OverQuota(top, true, used.bytes(), bytesLimit));
        }
    }

    /** The subtree counted znode by znode, its top included. */
    private QuotaFigures count(Path top) {
        Znode root = tree.find(top);
        if (root == null) {
            return QuotaFigures.used(0, 0);
        }
        long count = 1;
        long bytes = root.dataLength();
        for (Znode at = Capture.next(root, root); at != null; at = Capture.next(at, root)) {
            count++;
            bytes += at.dataLength();
        }
        return QuotaFigures.used(count, bytes);
    }

    private static boolean isNamed(Znode znode, String name) {
        return znode.nameLength() == name.length() && znode.name().equals(Bytes.utf8(name));
    }

    /** The top of the quota that a znode at {@code path} would be part of; null for none. */
    private static @Nullable Path guardedBy(Path path) {
        Path home = path.isAtOrBelow(DataTree.QUOTA) ? path.parent() : null;
        if (home == null || home.length() < DataTree.QUOTA.length()) {
            return null;
        }
        String top = home.toString().substring(DataTree.QUOTA.length());
        return top.isEmpty() ? Path.ROOT : Path.of(top);
    }
}
