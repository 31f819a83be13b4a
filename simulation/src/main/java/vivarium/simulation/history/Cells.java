package vivarium.simulation.history;

import java.util.Arrays;

/** The state of the znodes that belong together: of each its value, 0 for none, and its version. */
public final class Cells {
    private final long[] values;
    private final int[] versions;

    Cells(int count) {
        this(new long[count], new int[count]);
    }

    private Cells(long[] values, int[] versions) {
        this.values = values;
        this.versions = versions;
    }

    boolean has(int cell) {
        return values[cell] != 0;
    }

    long value(int cell) {
        return values[cell];
    }

    int version(int cell) {
        return versions[cell];
    }

    Cells with(int cell, long value, int version) {
        Cells changed = new Cells(values.clone(), versions.clone());
        changed.values[cell] = value;
        changed.versions[cell] = version;
        return changed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cells that
                && Arrays.equals(values, that.values)
                && Arrays.equals(versions, that.versions);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + Arrays.hashCode(versions);
    }

    @Override
    public String toString() {
        return Arrays.toString(values) + " at versions " + Arrays.toString(versions);
    }
}
