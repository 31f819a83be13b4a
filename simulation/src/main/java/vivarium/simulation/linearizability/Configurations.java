package vivarium.simulation.linearizability;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The configurations that a search has been in: which operations were done, and the state that they
 * led to. Being there again by another order can't lead anywhere new.
 *
 * <p>Operations end roughly in the order in which they begin, so the set of those that are done is
 * nearly a prefix: only the words between the first operation that is not done and the last that is
 * are kept. Operations without an end would spoil that, so they have bits of their own behind the
 * others.
 */
final class Configurations<S> {
    private static final int FIRST_SLOTS = 1 << 10;

    private final int completeWords;

    /** The bits of a configuration and its first word's index, beside its state; by hash. */
    private long[] @Nullable [] bits = new long[FIRST_SLOTS][];

    private Object[] states = new Object[FIRST_SLOTS];
    private long[] hashes = new long[FIRST_SLOTS];
    private int size;

    /**
     * @param completeWords how many words of a set hold the operations whose end is known
     */
    Configurations(int completeWords) {
        this.completeWords = completeWords;
    }

    int size() {
        return size;
    }

    /** Adds a configuration; false if it was there before. */
    boolean add(long[] done, S state, long stateHash) {
        long[] key = window(done);
        long hash = hash(key, stateHash);
        int slot = slot(hash);
        long[] there = bits[slot];
        while (there != null) {
            if (hashes[slot] == hash && Arrays.equals(there, key) && states[slot].equals(state)) {
                return false;
            }
            slot = (slot + 1) & (bits.length - 1);
            there = bits[slot];
        }
        bits[slot] = key;
        states[slot] = state;
        hashes[slot] = hash;
        size++;
        if (2 * size > bits.length) {
            grow();
        }
        return true;
    }

    private long[] window(long[] done) {
        int from = 0;
        while (from < completeWords && done[from] == -1L) {
            from++;
        }
        int to = completeWords;
        while (to > from && done[to - 1] == 0) {
            to--;
        }
        int open = done.length - completeWords;
        long[] key = new long[1 + open + to - from];
        key[0] = from;
        System.arraycopy(done, completeWords, key, 1, open);
        System.arraycopy(done, from, key, 1 + open, to - from);
        return key;
    }

    private static long hash(long[] key, long stateHash) {
        long hash = stateHash;
        for (long word : key) {
            hash = (hash ^ word) * 0x9e37_79b9_7f4a_7c15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private int slot(long hash) {
        return (int) (hash ^ hash >>> 32) & (bits.length - 1);
    }

    private void grow() {
        long[] @Nullable [] oldBits = bits;
        Object[] oldStates = states;
        long[] oldHashes = hashes;
        bits = new long[2 * oldBits.length][];
        states = new Object[2 * oldBits.length];
        hashes = new long[2 * oldBits.length];
        for (int i = 0; i < oldBits.length; i++) {
            long[] key = oldBits[i];
            if (key != null) {
                int slot = slot(oldHashes[i]);
                while (bits[slot] != null) {
                    slot = (slot + 1) & (bits.length - 1);
                }
                bits[slot] = key;
                states[slot] = oldStates[i];
                hashes[slot] = oldHashes[i];
            }
        }
    }
}
