package vivarium.core.tree;

import org.jspecify.annotations.Nullable;

/**
 * Finds a znode by its whole path in one probe. An open hash table of the znodes themselves; its
 * order never shows.
 */
final class Index {
    private static final int SMALLEST = 64;

    private @Nullable Znode[] slots = new @Nullable Znode[SMALLEST];
    private int size;

    /** What {@link #findParent} has found last; it is there still. */
    private @Nullable Path lastParentPath;

    private @Nullable Znode lastParent;

    int size() {
        return size;
    }

    @Nullable Znode find(Path path) {
        int mask = slots.length - 1;
        int hash = path.hashCode();
        for (int slot = hash & mask; ; slot = slot + 1 & mask) {
            Znode znode = slots[slot];
            if (znode == null || (znode.hash == hash && znode.isAt(path))) {
                return znode;
            }
        }
    }

    /**
     * The znode that one at {@code path} would be a child of, null if it is not there. Snapshots
     * have children next to each other, so the last answer is often this one too.
     *
     * @param root which is not in here
     */
    @Nullable Znode findParent(Path path, Znode root) {
        Path last = lastParentPath;
        if (last != null && path.lastSlash() == last.length() && path.isAtOrBelow(last)) {
            return lastParent;
        }
        Path parentPath = path.parent();
        if (parentPath == null || parentPath.isRoot()) {
            return parentPath == null ? null : root;
        }
        Znode parent = find(parentPath);
        lastParentPath = parent == null ? null : parentPath;
        lastParent = parent;
        return parent;
    }

    void add(Znode znode) {
        if ((size + 1) * 3L > slots.length * 2L) {
            grow();
        }
        place(znode);
        size++;
    }

    private void grow() {
        @Nullable Znode[] old = slots;
        slots = new @Nullable Znode[old.length * 2];
        for (Znode znode : old) {
            if (znode != null) {
                place(znode);
            }
        }
    }

    private void place(Znode znode) {
        int mask = slots.length - 1;
        int slot = znode.hash & mask;
        while (slots[slot] != null) {
            slot = slot + 1 & mask;
        }
        slots[slot] = znode;
    }

    /** Closes the gap that a removal leaves, so that no probe ends too early. */
    void remove(Znode znode) {
        if (znode == lastParent) {
            lastParentPath = null;
            lastParent = null;
        }
        int mask = slots.length - 1;
        int gap = znode.hash & mask;
        while (slots[gap] != znode) {
            gap = gap + 1 & mask;
        }
        for (int slot = gap + 1 & mask; ; slot = slot + 1 & mask) {
            Znode next = slots[slot];
            if (next == null) {
                break;
            }
            int home = next.hash & mask;
            if ((slot - home & mask) >= (slot - gap & mask)) {
                slots[gap] = next;
                gap = slot;
            }
        }
        slots[gap] = null;
        size--;
    }
}
