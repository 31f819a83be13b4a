package vivarium.core.zab;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.Settings;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Owner;
import vivarium.core.tree.Path;
import vivarium.core.tree.Znode;

/**
 * Finds the znodes that the leader has to remove: containers that have lost their last child, and
 * znodes that have outlived the time they were given.
 */
final class Containers {
    /** How many are removed in one go, lest they crowd out the clients' requests. */
    private static final int MOST_AT_ONCE = 10_000;

    private final int intervalMillis;
    private final boolean extendedTypes;
    private long deadlineMillis;

    Containers(Settings settings, long nowMillis) {
        this.intervalMillis = settings.containerCheckMillis();
        this.extendedTypes = settings.extendedTypes();
        this.deadlineMillis = nowMillis + intervalMillis;
    }

    long deadlineMillis() {
        return deadlineMillis;
    }

    /** What is to be removed now; nothing before the deadline. */
    List<Path> due(long nowMillis, long wallMillis, DataTree tree) {
        List<Path> due = new ArrayList<>();
        if (nowMillis < deadlineMillis) {
            return due;
        }
        deadlineMillis = nowMillis + intervalMillis;
        for (Path path : tree.mortals()) {
            Znode znode = tree.find(path);
            if (znode != null && isOver(znode, wallMillis) && due.size() < MOST_AT_ONCE) {
                due.add(path);
            }
        }
        return due;
    }

    /** A container lives until it has had a child; a change renews a time to live. */
    private boolean isOver(Znode znode, long wallMillis) {
        return znode.childCount() == 0
                && Owner.isOver(
                        znode.owner(),
                        extendedTypes,
                        znode.created(),
                        znode.mtimeMillis(),
                        wallMillis);
    }
}
