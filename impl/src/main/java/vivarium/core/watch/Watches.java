package vivarium.core.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vivarium.core.LongMap;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;

/**
 * The watches of the clients of one server. They belong to connections, are told once each (but for
 * the persistent ones), and die with the connection.
 *
 * <p>A watched path is kept once, a watch is one int there and one reference with its watcher.
 */
public final class Watches {
    private final Map<Path, WatchedPath> paths = new LinkedHashMap<>();
    private final LongMap<Watcher> watchers = new LongMap<>();
    private @Nullable Watcher[] slots = new @Nullable Watcher[16];
    private final List<Integer> freeSlots = new ArrayList<>();
    private int usedSlots;
    private int recursive;
    private int watchCount;
    private final Delivery delivery;

    /** Where events go, one call for each connection that an event concerns. */
    @FunctionalInterface
    public interface Delivery {
        /**
         * @param acl the access list that says who may know of the event
         */
        void deliver(long connection, WatchEvent event, List<Acl> acl);
    }

    /** One connection with at least one watch. */
    private static final class Watcher {
        final long connection;
        final int slot;

        /** Paths that it watches, and some that it did: swept when they are the most. */
        final List<WatchedPath> watched = new ArrayList<>(4);

        int live;

        Watcher(long connection, int slot) {
            this.connection = connection;
            this.slot = slot;
        }
    }

    public Watches(Delivery delivery) {
        this.delivery = delivery;
    }

    /** {@code connection} watches {@code path} in these modes too, see {@link WatchMode}. */
    public void add(long connection, Path path, int modes) {
        Watcher watcher = watchers.get(connection);
        if (watcher == null) {
            watcher = enter(connection);
        }
        WatchedPath watched = paths.get(path);
        if (watched == null) {
            watched = new WatchedPath(path);
            paths.put(path, watched);
        }
        int before = watched.add(watcher.slot, modes);
        if (before == 0) {
            watcher.watched.add(watched);
            watcher.live++;
            sweep(watcher);
        }
        count(before, before | modes);
    }

    private Watcher enter(long connection) {
        int slot = freeSlots.isEmpty() ? usedSlots++ : freeSlots.removeLast();
        if (slot == slots.length) {
            slots = Arrays.copyOf(slots, slot * 2);
        }
        Watcher watcher = new Watcher(connection, slot);
        slots[slot] = watcher;
        watchers.put(connection, watcher);
        return watcher;
    }

    private void count(int before, int after) {
        watchCount += Integer.bitCount(after) - Integer.bitCount(before);
        recursive += (after & WatchMode.RECURSIVE) - (before & WatchMode.RECURSIVE);
    }

    /** A watcher's list may hold as many stale paths as live ones, and a few more. */
    private static void sweep(Watcher watcher) {
        if (watcher.watched.size() > 2 * watcher.live + 16) {
            LinkedHashMap<Path, WatchedPath> live = new LinkedHashMap<>();
            for (WatchedPath watched : watcher.watched) {
                if (watched.modes(watcher.slot) != 0) {
                    live.put(watched.path, watched);
                }
            }
            watcher.watched.clear();
            watcher.watched.addAll(live.values());
        }
    }

    /** The modes in which {@code connection} watches {@code path}. */
    public int modes(long connection, Path path) {
        Watcher watcher = watchers.get(connection);
        WatchedPath watched = paths.get(path);
        return watcher == null || watched == null ? 0 : watched.modes(watcher.slot);
    }

    /** {@code connection} watches {@code path} no longer in these modes; those it had. */
    public int remove(long connection, Path path, int modes) {
        Watcher watcher = watchers.get(connection);
        WatchedPath watched = paths.get(path);
        return watcher == null || watched == null ? 0 : remove(watcher, watched, modes);
    }

    private int remove(Watcher watcher, WatchedPath watched, int modes) {
        int before = watched.remove(watcher.slot, modes);
        int after = before & ~modes;
        count(before, after);
        if (before != 0 && after == 0) {
            watcher.live--;
            if (watched.isEmpty()) {
                paths.remove(watched.path);
            }
        }
        return before;
    }

    /** The connection has gone, and its watches with it. */
    public void disconnect(long connection) {
        Watcher watcher = watchers.remove(connection);
        if (watcher == null) {
            return;
        }
        for (WatchedPath watched : watcher.watched) {
            remove(watcher, watched, ~0);
        }
        slots[watcher.slot] = null;
        freeSlots.add(watcher.slot);
    }

    /** Tells all whom {@code event} concerns, each once, and forgets the one-time watches. */
    public void fire(WatchEvent event, List<Acl> acl) {
        if (recursive > 0 && event.type() != WatchEvent.Type.CHILDREN_CHANGED) {
            fireUpwards(event, acl);
            return;
        }
        WatchedPath watched = paths.get(event.path());
        if (watched != null) {
            for (int slot : fireAt(watched, event)) {
                tell(slot, event, acl);
            }
        }
    }

    /** Some watch whole subtrees: ask the ancestors too, and tell nobody twice. */
    private void fireUpwards(WatchEvent event, List<Acl> acl) {
        int[] told = new int[0];
        Path at = event.path();
        while (at != null) {
            WatchedPath watched = paths.get(at);
            if (watched != null) {
                boolean here = at.equals(event.path());
                int[] more = here ? fireAt(watched, event) : recursiveAt(watched);
                told = Arrays.copyOf(told, told.length + more.length);
                System.arraycopy(more, 0, told, told.length - more.length, more.length);
            }
            at = at.isRoot() ? null : at.parent();
        }
        Arrays.sort(told);
        for (int i = 0; i < told.length; i++) {
            if (i == 0 || told[i] != told[i - 1]) {
                tell(told[i], event, acl);
            }
        }
    }

    /** The slots that an event on this path concerns; uses up their one-time watches. */
    private int[] fireAt(WatchedPath watched, WatchEvent event) {
        int concerned = WatchMode.concernedBy(event.type());
        int[] hit = new int[watched.count()];
        int hits = 0;
        for (int i = 0; i < watched.count(); i++) {
            if ((watched.modesAt(i) & concerned) != 0) {
                int slot = watched.slotAt(i);
                hit[hits++] = slot;
                useUp(slot, watched.modesAt(i), concerned & WatchMode.ONCE);
            }
        }
        watched.removeAll(concerned & WatchMode.ONCE);
        if (watched.isEmpty()) {
            paths.remove(watched.path);
        }
        return Arrays.copyOf(hit, hits);
    }

    private void useUp(int slot, int modes, int used) {
        int left = modes & ~used;
        count(modes, left);
        Watcher watcher = slots[slot];
        if (watcher != null && left == 0) {
            watcher.live--;
        }
    }

    private static int[] recursiveAt(WatchedPath watched) {
        int[] hit = new int[watched.count()];
        int hits = 0;
        for (int i = 0; i < watched.count(); i++) {
            if ((watched.modesAt(i) & WatchMode.RECURSIVE) != 0) {
                hit[hits++] = watched.slotAt(i);
            }
        }
        return Arrays.copyOf(hit, hits);
    }

    private void tell(int slot, WatchEvent event, List<Acl> acl) {
        Watcher watcher = slots[slot];
        if (watcher != null) {
            delivery.deliver(watcher.connection, event, acl);
        }
    }

    /** How many watches there are: one for each connection, path and mode. */
    public int count() {
        return watchCount;
    }

    /** Takes one watched path and who watches it. */
    @FunctionalInterface
    public interface Reader {
        /** These connections, at least one, watch this path. */
        void watched(Path path, long[] connections);
    }

    /**
     * Hands over the watches of the kinds {@code modes}, see {@link WatchMode}, path by path in the
     * order in which the paths were first watched.
     */
    public void read(int modes, Reader reader) {
        for (WatchedPath watched : paths.values()) {
            long[] found = new long[watched.count()];
            int count = 0;
            for (int i = 0; i < watched.count(); i++) {
                Watcher watcher = slots[watched.slotAt(i)];
                if (watcher != null && (watched.modesAt(i) & modes) != 0) {
                    found[count++] = watcher.connection;
                }
            }
            if (count > 0) {
                reader.watched(watched.path, Arrays.copyOf(found, count));
            }
        }
    }

    /** How many paths are watched. */
    public int pathCount() {
        return paths.size();
    }

    /** How many connections watch something. */
    public int watcherCount() {
        return watchers.size();
    }
}
