package vivarium.simulation.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The record of a run: every input and every effect of every server, and all that befalls them. It
 * is always hashed, so that two runs can be compared; it is kept only where somebody will read it.
 */
public final class Trace {
    private final Timeline timeline;
    private final int most;
    private final ArrayList<Entry> entries = new ArrayList<>();
    private long hash = 1;
    private String detail = "";

    /** What an entry is about. */
    public enum Kind {
        FAULT,
        START,
        DOWN,
        PHASE,
        STEP,
        APPEND,
        TRUNCATE,
        FORCED,
        EPOCH,
        SNAPSHOT,
        VOTE,
        LINK,
        SEND,
        RECEIVE,
        CLIENT,
        CALL,
        RETURN,
        EVENT,
        REPLY
    }

    /**
     * One entry.
     *
     * @param micros when, since the beginning
     * @param place the server, or minus one minus the client
     * @param a a number that depends on the kind
     * @param b another one
     */
    public record Entry(long micros, Kind kind, long place, long a, long b, String detail) {}

    /**
     * @param most how many of the last entries to keep, 0 for none
     */
    public Trace(Timeline timeline, int most) {
        this.timeline = timeline;
        this.most = most;
    }

    /** Whether entries are kept, so that it is worth while to give a {@link #detail}. */
    public boolean isKept() {
        return most > 0;
    }

    /** What people should know about the entry that is added next; it is told only if kept. */
    public void detail(Object what) {
        if (most > 0) {
            detail = what.toString();
        }
    }

    /** Adds an entry. */
    public void add(Kind kind, long place, long a, long b) {
        mix(timeline.nowMicros());
        mix(kind.name().hashCode() + (place << 32));
        mix(a);
        mix(b);
        if (most > 0) {
            if (entries.size() >= 2 * most) {
                entries.subList(0, entries.size() - most).clear();
            }
            entries.add(new Entry(timeline.nowMicros(), kind, place, a, b, detail));
            detail = "";
        }
    }

    private void mix(long bits) {
        long mixed = (hash ^ bits) * 0x9e37_79b9_7f4a_7c15L;
        hash = mixed ^ mixed >>> 32;
    }

    /** The hash of all entries so far, also of those that were not kept. */
    public long hash() {
        return hash;
    }

    /** The entries that were kept, oldest first. */
    public List<Entry> entries() {
        int from = Math.max(0, entries.size() - most);
        return List.copyOf(entries.subList(from, entries.size()));
    }
}
