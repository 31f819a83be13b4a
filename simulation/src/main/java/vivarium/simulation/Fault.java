package vivarium.simulation;

/** Something that goes wrong at one moment of a run. */
public sealed interface Fault {
    /** What it is called in a scenario, and where faults are chosen. */
    String name();

    /** Its numbers, in the order in which a scenario has them. */
    long[] numbers();

    /** The servers that it is about. */
    default long[] servers() {
        return new long[] {numbers()[0]};
    }

    /** A server's process dies; its host too where {@code powerCut}. Comes back after a while. */
    record Crash(long sid, boolean powerCut, long downMicros) implements Fault {
        @Override
        public String name() {
            return powerCut ? "power-cut" : "kill";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid, downMicros};
        }
    }

    /** A server does nothing for a while. */
    record Pause(long sid, long micros) implements Fault {
        @Override
        public String name() {
            return "pause";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid, micros};
        }
    }

    /** A server's disk takes so many times as long for a while. */
    record SlowDisk(long sid, long factor, long micros) implements Fault {
        @Override
        public String name() {
            return "slow-disk";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid, factor, micros};
        }
    }

    /** A server's disk has no room for a while. */
    record FullDisk(long sid, long micros) implements Fault {
        @Override
        public String name() {
            return "full-disk";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid, micros};
        }
    }

    /** The next force of a server's disk fails. */
    record FailedForce(long sid) implements Fault {
        @Override
        public String name() {
            return "failed-force";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid};
        }
    }

    /** A bit turns over on a server's disk. */
    record BitRot(long sid) implements Fault {
        @Override
        public String name() {
            return "rot";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid};
        }
    }

    /** Nothing gets from one server to another for a while. */
    record Block(long from, long to, long micros) implements Fault {
        @Override
        public long[] servers() {
            return new long[] {from, to};
        }

        @Override
        public String name() {
            return "block";
        }

        @Override
        public long[] numbers() {
            return new long[] {from, to, micros};
        }
    }

    /** Nothing gets from a server to any other, or back, for a while. */
    record Isolate(long sid, long micros) implements Fault {
        @Override
        public String name() {
            return "isolate";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid, micros};
        }
    }

    /** What goes from one server to another takes so many times as long, until all is healed. */
    record SlowLink(long from, long to, long factor) implements Fault {
        @Override
        public long[] servers() {
            return new long[] {from, to};
        }

        @Override
        public String name() {
            return "slow-link";
        }

        @Override
        public long[] numbers() {
            return new long[] {from, to, factor};
        }
    }

    /** The links between two servers break. */
    record Reset(long one, long other) implements Fault {
        @Override
        public long[] servers() {
            return new long[] {one, other};
        }

        @Override
        public String name() {
            return "reset";
        }

        @Override
        public long[] numbers() {
            return new long[] {one, other};
        }
    }

    /** A server's clock on the wall is set. */
    record ClockJump(long sid, long millis) implements Fault {
        @Override
        public String name() {
            return "clock-jump";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid, millis};
        }
    }

    /**
     * A server's host dies, and comes back after a while with a new disk. Nothing happens if the
     * others could then have lost what was acknowledged: fewer voters than a quorum may be without
     * memory at one time.
     */
    record LoseDisk(long sid, long downMicros) implements Fault {
        @Override
        public String name() {
            return "lose-disk";
        }

        @Override
        public long[] numbers() {
            return new long[] {sid, downMicros};
        }
    }
}
