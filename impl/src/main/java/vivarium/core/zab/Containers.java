package vivarium.core.zab;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.ContainerCheck;
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
    private static final long MINUTE_MILLIS = 60_000;

    private final ContainerCheck check;
    private final boolean extendedTypes;

    /** For how much time, at most, what was not removed in it may be removed later. */
    private final long mostUnusedMillis;

    private long deadlineMillis;

    /** Until when what may be removed in a minute has been used. */
    private long usedMillis;

    Containers(Settings settings, long nowMillis) {
        this.check = settings.containers();
        this.extendedTypes = settings.extendedTypes();
        long oneMillis = MINUTE_MILLIS / check.mostPerMinute() + 1;
        this.mostUnusedMillis = Math.max(Math.min(check.everyMillis(), MINUTE_MILLIS), oneMillis);
        this.deadlineMillis = nowMillis + check.everyMillis();
        this.usedMillis = nowMillis;
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
        deadlineMillis = nowMillis + check.everyMillis();
        usedMillis = Math.max(usedMillis, nowMillis - mostUnusedMillis);
        long most = (nowMillis - usedMillis) * check.mostPerMinute() / MINUTE_MILLIS;
        for (Path path : tree.mortals()) {
            Znode znode = tree.find(path);
            if (znode != null && isOver(znode, wallMillis)) {
                if (due.size() == most) {
                    // The rest does not wait for long, however seldom they are looked for.
                    deadlineMillis = Math.min(deadlineMillis, nowMillis + mostUnusedMillis);
                    break;
                }
                due.add(path);
            }
        }
        usedMillis += due.size() * MINUTE_MILLIS / check.mostPerMinute();
        return due;
    }

    private boolean isOver(Znode znode, long wallMillis) {
        return znode.childCount() == 0
                && Owner.isOver(
                        znode.owner(),
                        extendedTypes,
                        znode.created(),
                        wallMillis - znode.mtimeMillis(),
                        check.neverUsedMillis());
    }
}
