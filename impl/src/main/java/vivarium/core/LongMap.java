package vivarium.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A map from longs (sessions, connections) without boxing. The order of its table depends on the
 * keys alone and never shows: who wants all entries gets them by ascending key.
 */
public final class LongMap<V> {
    private static final int SMALLEST = 16;

    private long[] keys = new long[SMALLEST];
    private @Nullable Object[] values = new @Nullable Object[SMALLEST];
    private int size;

    /** The number of entries. */
    public int size() {
        return size;
    }

    /** The value of {@code key}, or null. */
    @SuppressWarnings("unchecked")
    public @Nullable V get(long key) {
        return (V) values[slot(key)];
    }

    /** Sets the value of {@code key}; the one before, or null. */
    @SuppressWarnings("unchecked")
    public @Nullable V put(long key, V value) {
        int slot = slot(key);
        Object before = values[slot];
        keys[slot] = key;
        values[slot] = value;
        if (before == null && ++size * 3L > keys.length * 2L) {
            grow();
        }
        return (V) before;
    }

    /** Removes {@code key}; its value, or null. */
    @SuppressWarnings("unchecked")
    public @Nullable V remove(long key) {
        int gap = slot(key);
        Object before = values[gap];
        if (before == null) {
            return null;
        }
        int mask = keys.length - 1;
        for (int slot = gap + 1 & mask; values[slot] != null; slot = slot + 1 & mask) {
            int home = home(keys[slot]);
            if ((slot - home & mask) >= (slot - gap & mask)) {
                keys[gap] = keys[slot];
                values[gap] = values[slot];
                gap = slot;
            }
        }
        values[gap] = null;
        size--;
        return (V) before;
    }

    /** All keys, ascending. */
    public long[] sortedKeys() {
        long[] sorted = new long[size];
        int count = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            if (values[slot] != null) {
                sorted[count++] = keys[slot];
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    private int home(long key) {
        long mixed = key * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32) & keys.length - 1;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = home(key);
        while (values[slot] != null && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new @Nullable Object[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
