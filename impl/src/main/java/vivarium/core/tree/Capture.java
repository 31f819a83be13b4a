package vivarium.core.tree;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * A point-in-time picture of the tree, taken a few znodes at a time while the tree goes on
 * changing. A walk visits all znodes, parents first; whoever is about to change a znode that the
 * walk has not reached yet has it, and its ancestors, handed over first. Znodes that are born
 * meanwhile do not belong to the picture.
 */
public final class Capture {
    private final short number;
    private final Sink sink;

    /** Where the walk is; null when it has seen everything. */
    private @Nullable Znode cursor;

    private final Znode root;

    Capture(Znode root, short number, Sink sink) {
        this.root = root;
        this.cursor = root;
        this.number = number;
        this.sink = sink;
    }

    /** Hands over some {@code znodes} more; true when that was the last one. */
    public boolean advance(int znodes) {
        int left = znodes;
        Znode at = cursor;
        while (at != null && left > 0) {
            if (at.captured != number) {
                emit(at);
                left--;
            }
            at = next(at, root);
        }
        cursor = at;
        return at == null;
    }

    /** Whether all has been handed over. */
    public boolean isDone() {
        return cursor == null;
    }

    /** Hands over nothing any more. */
    public void abandon() {
        cursor = null;
    }

    /** {@code znode} is about to change. */
    void preserve(Znode znode) {
        if (cursor != null && znode.captured != number) {
            Znode parent = znode.parent;
            if (parent != null) {
                preserve(parent);
            }
            emit(znode);
        }
    }

    /** {@code znode}, a leaf, is about to leave the tree: the walk must not stand on it. */
    void leaving(Znode znode) {
        if (cursor == znode) {
            cursor = next(znode, root);
        }
    }

    private void emit(Znode znode) {
        znode.captured = number;
        sink.znode(znode.path(), znode.data(), znode.aclId(), znode.persisted());
    }

    /** The next znode below {@code top}, parents before children; null behind the last. */
    static @Nullable Znode next(Znode znode, Znode top) {
        Znode child = znode.firstChild();
        if (child != null) {
            return child;
        }
        Znode at = znode;
        while (at != top && at.nextSibling == null) {
            Znode parent = at.parent;
            if (parent == null) {
                return null;
            }
            at = parent;
        }
        return at == top ? null : at.nextSibling;
    }

    /** Takes the znodes of the picture, parents first. */
    @FunctionalInterface
    public interface Sink {
        void znode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat);
    }
}
