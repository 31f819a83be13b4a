package vivarium.core.watch;

import java.util.Arrays;
import vivarium.core.tree.Path;

/**
 * Who watches one path: for each watcher one int, its slot and the set of its modes, ascending by
 * slot, so that events go out in a defined order. Who watches no more stays with no modes until
 * half of them are such: to move the rest up each time would make the end of a session that watches
 * what ten thousand others watch cost as much as all of them.
 */
final class WatchedPath {
    private static final int MODE_BITS = 4;
    private static final int MODES = (1 << MODE_BITS) - 1;

    /** So many may watch no more before it is worth a look. */
    private static final int SPARE = 8;

    final Path path;
    private int[] entries = new int[2];
    private int count;

    /** How many of them have a mode. */
    private int live;

    WatchedPath(Path path) {
        this.path = path;
    }

    boolean isEmpty() {
        return live == 0;
    }

    /** How many entries there are; some may have no modes. */
    int count() {
        return count;
    }

    int slotAt(int index) {
        return entries[index] >>> MODE_BITS;
    }

    int modesAt(int index) {
        return entries[index] & MODES;
    }

    /** The modes of the watcher in {@code slot}. */
    int modes(int slot) {
        int index = search(slot);
        return index < 0 ? 0 : modesAt(index);
    }

    /** Adds to the modes of a watcher; those it had before. */
    int add(int slot, int modes) {
        int index = search(slot);
        if (index >= 0) {
            int before = modesAt(index);
            entries[index] |= modes;
            live += before == 0 ? 1 : 0;
            return before;
        }
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, count + (count >> 1) + 1);
        }
        int at = -index - 1;
        System.arraycopy(entries, at, entries, at + 1, count - at);
        entries[at] = slot << MODE_BITS | modes;
        count++;
        live++;
        return 0;
    }

    /** Takes modes from a watcher, and the watcher with the last one; those it had before. */
    int remove(int slot, int modes) {
        int index = search(slot);
        if (index < 0) {
            return 0;
        }
        int before = modesAt(index);
        entries[index] &= ~(modes & MODES); // its slot stays
        if (before != 0 && modesAt(index) == 0) {
            live--;
            if (count > 2 * live + SPARE) {
                removeAll(0);
            }
        }
        return before;
    }

    /** Takes modes from all watchers, and those watchers away that have no others. */
    void removeAll(int modes) {
        int left = 0;
        for (int i = 0; i < count; i++) {
            int entry = entries[i] & ~modes;
            if ((entry & MODES) != 0) {
                entries[left++] = entry;
            }
        }
        count = left;
        live = left;
    }

    private int search(int slot) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = slotAt(middle);
            if (found == slot) {
                return middle;
            }
            if (found < slot) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
