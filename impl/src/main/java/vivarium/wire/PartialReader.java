package vivarium.wire;

/**
 * Reads from bytes of which more may come. Where they end too early, it remembers how many there
 * must be before another attempt is worthwhile.
 */
final class PartialReader extends JuteReader {
    private int from;
    private int wanted;
    private int mostBytes = Integer.MAX_VALUE;

    PartialReader(int maxLengthBytes) {
        super(maxLengthBytes);
    }

    /** From now on an element that is announced to be longer than this is refused. */
    void limit(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Reads an element that begins at {@code offset}. */
    void begin(byte[] source, int offset, int end) {
        over(source, offset, end - offset);
        from = offset;
        wanted = 0;
    }

    /** The next element begins here. */
    void next() {
        from = at;
    }

    /** Where the element that is being read begins. */
    int start() {
        return from;
    }

    /** Whether the last failure was only that bytes are missing. */
    boolean isCut() {
        return wanted > 0;
    }

    /** How many bytes from {@link #start} on are needed at least. */
    int wanted() {
        return wanted;
    }

    /** Takes so many bytes as they are; where they begin. */
    int take(int count) throws MalformedException {
        if (remaining() < count) {
            refill(count);
        }
        int start = at;
        at += count;
        return start;
    }

    @Override
    protected void refill(int count) throws MalformedException {
        long needed = (long) at - from + count;
        if (needed > mostBytes) {
            throw new MalformedException(needed + " bytes, at most " + mostBytes);
        }
        wanted = (int) needed;
        throw new MalformedException("more bytes are to come");
    }

    /** Nobody knows how much will come. */
    @Override
    protected long available() {
        return Long.MAX_VALUE;
    }
}
