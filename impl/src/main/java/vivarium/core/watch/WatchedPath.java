package vivarium.core.watch;

import java.util.Arrays;
import vivarium.core.tree.Path;

/**
 * Who watches one path: for each watcher one int, its slot and the set of its modes, ascending by
 * slot, so that events go out in a defined order.
 */
final class WatchedPath {
    private static final int MODE_BITS = 4;
    private static final int MODES = (1 << MODE_BITS) - 1;

    final Path path;
    private int[] entries = new int[2];
    private int count;

    WatchedPath(Path path) {
        this.path = path;
    }

    boolean isEmpty() {
        return count == 0;
    }

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
            return before;
        }
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, count + (count >> 1) + 1);
        }
        int at = -index - 1;
        System.arraycopy(entries, at, entries, at + 1, count - at);
        entries[at] = slot << MODE_BITS | modes;
        count++;
        return 0;
    }

    /** Takes modes from a watcher, and the watcher with the last one; those it had before. */
    int remove(int slot, int modes) {
        int index = search(slot);
        if (index < 0) {
            return 0;
        }
        int before = modesAt(index);
        entries[index] &= ~modes;
        if (modesAt(index) == 0) {
            System.arraycopy(entries, index + 1, entries, index, count - index - 1);
            count--;
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
