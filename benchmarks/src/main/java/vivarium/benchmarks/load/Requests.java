package vivarium.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The frames that are sent, each encoded when it is first wanted, and once. To send one is to copy
 * it and to write the xid over its place; a create or delete has the znode's number written over
 * the digits of its path, too.
 */
public final class Requests {
    /** The parent of all that the generator makes. */
    static final String ROOT = "/bench";

    /** The parent of what {@link Workload#CREATE} makes. */
    static final String CREATED = ROOT + "/created";

    /** How many writes one multi has. */
    static final int PARTS = 10;

    private static final int EPHEMERAL_SEQUENTIAL = 3;
    private static final int XID_AT = Integer.BYTES;
    private static final int PATH_AT = 4 * Integer.BYTES;
    static final int DIGITS = 10;
    static final int ZNODE_DIGITS = 6;
    private static final int ALL_PERMISSIONS = 31;

    private final byte[] @Nullable [] gets;
    private final byte[] @Nullable [] sets;
    private final byte[] @Nullable [] multis;
    private final byte[] value;
    private final byte[] create;
    private final byte[] delete;
    private final int digitsAt;
    private final int longest;

    Requests(int znodes, int valueBytes) {
        value = value(valueBytes);
        gets = new byte[znodes][];
        sets = new byte[znodes][];
        multis = new byte[znodes][];
        create = create(CREATED + "/" + "0".repeat(DIGITS), value);
        delete = delete(CREATED + "/" + "0".repeat(DIGITS));
        digitsAt = PATH_AT + CREATED.length() + 1;
        longest = create.length + Integer.BYTES;
    }

    /** The path of a prepared znode. */
    static String path(int znode) {
        return String.format("%s/%06d", ROOT, znode);
    }

    static byte[] value(int bytes) {
        byte[] value = new byte[bytes];
        Arrays.fill(value, (byte) 'v');
        return value;
    }

    /** No frame is longer than this, its prefix included. */
    int longestBytes() {
        return longest;
    }

    void putGet(ByteBuffer out, int xid, int znode) {
        byte[] frame = gets[znode];
        if (frame == null) {
            frame = getData(path(znode));
            gets[znode] = frame;
        }
        put(out, xid, frame);
    }

    void putSet(ByteBuffer out, int xid, int znode) {
        byte[] frame = sets[znode];
        if (frame == null) {
            frame = setData(path(znode), value);
            sets[znode] = frame;
        }
        put(out, xid, frame);
    }

    /** The frame that sets {@link #PARTS} znodes, from this one on. */
    byte[] multi(int znode) {
        byte[] frame = multis[znode];
        if (frame == null) {
            ByteBuffer out = ByteBuffer.allocate(PARTS * longest + 4 * Integer.BYTES);
            out.putInt(0).putInt(0).putInt(Kind.MULTI.opcode());
            for (int i = 0; i < PARTS; i++) {
                byte[] part = setData(path((znode + i) % multis.length), value);
                int body = XID_AT + 2 * Integer.BYTES;
                out.putInt(Kind.SET_DATA.opcode()).put((byte) 0).putInt(-1);
                out.put(part, body, part.length - body);
            }
            out.putInt(-1).put((byte) 1).putInt(-1);
            frame = end(out);
            multis[znode] = frame;
        }
        return frame;
    }

    void putCreate(ByteBuffer out, int xid, long number) {
        putNumbered(out, xid, create, number);
    }

    void putDelete(ByteBuffer out, int xid, long number) {
        putNumbered(out, xid, delete, number);
    }

    private static void put(ByteBuffer out, int xid, byte[] frame) {
        int start = out.position();
        out.put(frame);
        out.putInt(start + XID_AT, xid);
    }

    private void putNumbered(ByteBuffer out, int xid, byte[] frame, long number) {
        int start = out.position();
        put(out, xid, frame);
        long rest = number;
        for (int i = DIGITS - 1; i >= 0; i--) {
            out.put(start + digitsAt + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    public static byte[] getData(String path) {
        ByteBuffer out = begin(Kind.GET_DATA, path, 1);
        out.put((byte) 0);
        return end(out);
    }

    /** As {@link #getData}, and to hear of the next change. */
    static byte[] watchData(String path) {
        byte[] frame = getData(path);
        frame[frame.length - 1] = 1;
        return frame;
    }

    static byte[] sync(String path) {
        return end(begin(Kind.SYNC, path, 0));
    }

    public static byte[] setData(String path, byte[] value) {
        ByteBuffer out = begin(Kind.SET_DATA, path, 2 * Integer.BYTES + value.length);
        out.putInt(value.length).put(value).putInt(-1);
        return end(out);
    }

    static byte[] delete(String path) {
        return end(begin(Kind.DELETE, path, Integer.BYTES).putInt(-1));
    }

    /** Persistent, and open to everybody. */
    public static byte[] create(String path, byte[] value) {
        return create(Kind.CREATE, path, value, 0);
    }

    /** Ephemeral, and open to everybody; its name is a number that the server gives. */
    static byte[] createSequential(String parent, byte[] value) {
        return create(Kind.CREATE_SEQUENTIAL, parent + "/", value, EPHEMERAL_SEQUENTIAL);
    }

    private static byte[] create(Kind kind, String path, byte[] value, int flags) {
        byte[] scheme = ascii("world");
        byte[] id = ascii("anyone");
        int room = 6 * Integer.BYTES + value.length + scheme.length + id.length;
        ByteBuffer out = begin(kind, path, room);
        out.putInt(value.length).put(value);
        out.putInt(1).putInt(ALL_PERMISSIONS);
        out.putInt(scheme.length).put(scheme).putInt(id.length).put(id);
        out.putInt(flags);
        return end(out);
    }

    /** Room for the frame's length, the header without its xid yet, and the path. */
    private static ByteBuffer begin(Kind kind, String path, int moreBytes) {
        byte[] name = ascii(path);
        ByteBuffer out = ByteBuffer.allocate(PATH_AT + name.length + moreBytes);
        return out.putInt(0).putInt(0).putInt(kind.opcode()).putInt(name.length).put(name);
    }

    private static byte[] end(ByteBuffer out) {
        out.putInt(0, out.position() - Integer.BYTES);
        byte[] frame = new byte[out.position()];
        out.get(0, frame);
        return frame;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
