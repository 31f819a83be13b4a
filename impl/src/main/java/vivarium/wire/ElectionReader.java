package vivarium.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what comes over a connection between two election ports, in whatever fragments: see {@link
 * ElectionCodec}.
 *
 * <p>An instance belongs to one connection, and to one thread at a time. When it has thrown once,
 * the connection is of no more use.
 */
public final class ElectionReader {
    private static final int FIRST_BYTES = 256;

    private final JuteReader body;
    private final PartialReader in;
    private boolean greeted;
    private @Nullable MalformedException broken;
    private byte[] kept = new byte[FIRST_BYTES];
    private int keptLength;
    private int wanted;

    private ElectionReader(boolean greeted) {
        this.body = new JuteReader(ElectionCodec.MOST_NOTIFICATION_BYTES);
        this.in = new PartialReader(ElectionCodec.MOST_NOTIFICATION_BYTES);
        this.greeted = greeted;
    }

    /** The reader of a server that was called: the caller greets first. */
    public static ElectionReader ofCaller() {
        return new ElectionReader(false);
    }

    /** The reader of a server that has called: nobody greets back. */
    public static ElectionReader ofCalled() {
        return new ElectionReader(true);
    }

    /** How many bytes are held because what they belong to is not complete. */
    public int held() {
        return keptLength;
    }

    /**
     * Reads on. The bytes are only borrowed.
     *
     * @param to takes each frame as soon as all of it is there
     * @throws MalformedException if the greeting is none, or a length is not one
     */
    public void read(byte[] bytes, int offset, int length, Consumer<ElectionFrame> to)
            throws MalformedException {
        MalformedException before = broken;
        if (before != null) {
            throw before;
        }
        keep(bytes, offset, length);
        if (keptLength < wanted) {
            return;
        }
        try {
            int rest = understand(to);
            System.arraycopy(kept, rest, kept, 0, keptLength - rest);
            keptLength -= rest;
        } catch (MalformedException e) {
            broken = e;
            kept = new byte[0];
            keptLength = 0;
            throw e;
        }
        if (keptLength == 0 && kept.length > FIRST_BYTES) {
            kept = new byte[FIRST_BYTES];
        }
    }

    private void keep(byte[] bytes, int offset, int length) {
        if (length > kept.length - keptLength) {
            kept = Arrays.copyOf(kept, Math.max(2 * kept.length, keptLength + length));
        }
        System.arraycopy(bytes, offset, kept, keptLength, length);
        keptLength += length;
    }

    private int understand(Consumer<ElectionFrame> to) throws MalformedException {
        in.begin(kept, 0, keptLength);
        wanted = 0;
        try {
            while (in.remaining() > 0) {
                ElectionFrame frame = greeted ? notification() : greeting();
                greeted = true;
                in.next();
                to.accept(frame);
            }
        } catch (MalformedException e) {
            if (!in.isCut()) {
                throw e;
            }
            wanted = in.wanted();
        }
        return in.start();
    }

    /** Before 3.5 a greeting was the id alone. */
    private ElectionFrame greeting() throws MalformedException {
        long version = in.int64();
        if (version >= 0) {
            return new ElectionFrame.Greeting(version, List.of());
        }
        if (version != ElectionCodec.GREETING_V1 && version != ElectionCodec.GREETING_V2) {
            throw new MalformedException("a greeting of version " + version);
        }
        long sid = in.int64();
        int length = in.int32();
        if (length <= 0 || length > ElectionCodec.MOST_ADDRESS_BYTES) {
            throw new MalformedException(length + " bytes of addresses");
        }
        int at = in.take(length);
        String text = new String(kept, at, length, StandardCharsets.UTF_8);
        return new ElectionFrame.Greeting(sid, ElectionCodec.addresses(text));
    }

    private ElectionFrame notification() throws MalformedException {
        int length = in.int32();
        if (length <= 0 || length > ElectionCodec.MOST_NOTIFICATION_BYTES) {
            throw new MalformedException("a notification of " + length + " bytes");
        }
        int at = in.take(length);
        return ElectionCodec.notification(body, kept, at, length);
    }
}
