package vivarium.core;

/**
 * The invariants of the core, always on. A broken one means that this server's state can't be
 * trusted any more, so it stops the peer at once with the invariant's name; nothing a client or
 * another server sends may be able to break one.
 */
public final class Check {
    private Check() {}

    /** Stops the peer unless {@code holds}. */
    public static void that(boolean holds, String invariant) {
        if (!holds) {
            throw new Broken(invariant, "");
        }
    }

    /** Stops the peer unless {@code left == right}. */
    public static void same(long left, long right, String invariant) {
        if (left != right) {
            throw new Broken(
                    invariant,
                    ": 0x" + Long.toHexString(left) + " != 0x" + Long.toHexString(right));
        }
    }

    /** Stops the peer unless {@code left < right}, both taken as zxids or other signed numbers. */
    public static void less(long left, long right, String invariant) {
        if (left >= right) {
            throw new Broken(
                    invariant,
                    ": 0x" + Long.toHexString(left) + " >= 0x" + Long.toHexString(right));
        }
    }

    /** Stops the peer: {@code invariant} is broken, and {@code detail} says by what. */
    public static Broken broken(String invariant, String detail) {
        return new Broken(invariant, ": " + detail);
    }

    /** A broken invariant. It is never caught to go on, only to report it and stop. */
    public static final class Broken extends IllegalStateException {
        private static final long serialVersionUID = 1L;
        private final String invariant;

        Broken(String invariant, String detail) {
            super(invariant + detail);
            this.invariant = invariant;
        }

        /** The name of the invariant, as in the specification where it has it. */
        public String invariant() {
            return invariant;
        }
    }
}
