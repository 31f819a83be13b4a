package vivarium.campaign;

import org.jspecify.annotations.Nullable;

/**
 * Seeds one behind the other, the unit of work of a campaign.
 *
 * @param from the first
 * @param count how many, {@link #OPEN} for as many as there is time for
 */
record Seeds(long from, long count) {
    static final long OPEN = Long.MAX_VALUE;

    /** So that neither the last seed nor a part's share can overflow. */
    static final long MOST = 1_000_000_000_000L;

    static final long MOST_PARTS = 1_000_000;

    /** Whether there is no end to them. */
    boolean isOpen() {
        return count == OPEN;
    }

    /** The last one. */
    long last() {
        return isOpen() ? Long.MAX_VALUE : from + count - 1;
    }

    /**
     * One of {@code parts} ranges that together are this one, each seed in exactly one of them,
     * none longer than another by more than one seed.
     *
     * @param part from 0 on
     */
    Seeds part(long part, long parts) {
        long begin = count * part / parts;
        long end = count * (part + 1) / parts;
        return new Seeds(from + begin, end - begin);
    }

    @Override
    public String toString() {
        if (isOpen()) {
            return from + " and on";
        }
        return count == 0 ? "none" : count == 1 ? "" + from : from + ".." + last();
    }

    /** As a campaign's state has it. */
    String text() {
        return from + " " + (isOpen() ? "open" : "" + count);
    }

    /** Reads what {@link #text} has written, null if it is none. */
    static @Nullable Seeds parse(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != 2) {
            return null;
        }
        try {
            long count = words[1].equals("open") ? OPEN : Long.parseLong(words[1]);
            long from = Long.parseLong(words[0]);
            boolean fits = Math.abs(from) <= MOST && count >= 0 && (count <= MOST || count == OPEN);
            return fits ? new Seeds(from, count) : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
