package vivarium.wire;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.SnapshotHead;
import vivarium.core.Status;
import vivarium.core.tree.Capture;
import vivarium.core.tree.Path;

/**
 * Writes down what a peer is born with and each input that it is given, so that {@link
 * RecordingReader} can give them to another one. The format is of no use to anybody else, and may
 * change with the core: any record of it is written by the names and in the order of its parts.
 */
public final class RecordingWriter {
    static final long MAGIC = 0x5649_5641_5245_4331L;

    static final int NULL = 0;
    static final int LONG = 1;
    static final int INT = 2;
    static final int TRUE = 3;
    static final int FALSE = 4;
    static final int TEXT = 5;
    static final int LIST = 6;
    static final int BYTES = 7;
    static final int PATH = 8;
    static final int ENUM = 9;
    static final int RECORD = 10;
    static final int REPLICA = 11;
    static final int SHORT = 12;

    static final int BIRTH = 1;
    static final int STEP = 2;
    static final int MARK = 3;

    private final Map<String, Integer> classes = new TreeMap<>();
    private final JuteWriter out;

    /** Writes into {@code out}, which whoever calls it empties between two calls. */
    public RecordingWriter(JuteWriter out) {
        this.out = out;
    }

    /** A peer is born; first of all, and once. */
    public void birth(Settings settings, long seed, Recovered recovered) {
        int start = begin(BIRTH);
        out.int64(MAGIC);
        write(settings);
        out.int64(seed);
        write(recovered);
        end(start);
    }

    /** It is given an input. */
    public void step(long nowMillis, Input input) {
        int start = begin(STEP);
        out.int64(nowMillis);
        write(input);
        end(start);
    }

    /** How it is after all steps so far. */
    public void mark(Status status) {
        int start = begin(MARK);
        write(status);
        end(start);
    }

    /** An entry begins with its length, so that one that is cut off is known for that. */
    private int begin(int kind) {
        int start = out.length();
        out.int32(0);
        out.int32(kind);
        return start;
    }

    private void end(int start) {
        out.patchInt32(start, out.length() - start - Integer.BYTES);
    }

    private void write(@Nullable Object value) {
        switch (value) {
            case null -> out.int32(NULL);
            case Long number -> {
                out.int32(LONG);
                out.int64(number);
            }
            case Integer number -> {
                out.int32(INT);
                out.int32(number);
            }
            case Short number -> {
                out.int32(SHORT);
                out.int32(number);
            }
            case Boolean flag -> out.int32(flag ? TRUE : FALSE);
            case String text -> {
                out.int32(TEXT);
                out.text(text);
            }
            case Bytes bytes -> {
                out.int32(BYTES);
                out.buffer(bytes);
            }
            case Path path -> {
                out.int32(PATH);
                out.path(path);
            }
            case List<?> list -> {
                out.int32(LIST);
                out.int32(list.size());
                list.forEach(this::write);
            }
            case Enum<?> constant -> {
                out.int32(ENUM);
                name(constant.getDeclaringClass());
                out.text(constant.name());
            }
            case Replica replica -> replica(replica);
            case Record record -> record(record);
            default -> throw new IllegalArgumentException("no input has a " + value.getClass());
        }
    }

    private void record(Record record) {
        out.int32(RECORD);
        name(record.getClass());
        for (RecordComponent part : record.getClass().getRecordComponents()) {
            try {
                var accessor = part.getAccessor();
                accessor.setAccessible(true);
                write(accessor.invoke(record));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(record.getClass() + "." + part.getName(), e);
            }
        }
    }

    /** A class by its name once, and then by a number. */
    private void name(Class<?> type) {
        Integer known = classes.get(type.getName());
        if (known != null) {
            out.int32(known);
            return;
        }
        int number = classes.size();
        classes.put(type.getName(), number);
        out.int32(number);
        out.text(type.getName());
    }

    private void replica(Replica replica) {
        out.int32(REPLICA);
        out.int64(replica.lastProcessedZxid());
        List<SnapshotHead.SessionEntry> sessions = replica.sessions();
        out.int32(sessions.size());
        for (SnapshotHead.SessionEntry session : sessions) {
            SnapshotCodec.session(out, session);
        }
        List<SnapshotHead.AclEntry> acls = replica.tree().acls();
        out.int32(acls.size());
        for (SnapshotHead.AclEntry acl : acls) {
            SnapshotCodec.acl(out, acl);
        }
        Capture capture =
                replica.tree()
                        .capture((path, data, acl, stat) ->
                                SnapshotCodec.znode(out, path, data, acl, stat));
        if (!capture.advance(Integer.MAX_VALUE)) {
            throw new IllegalStateException("more znodes than numbers");
        }
        SnapshotCodec.endOfZnodes(out);
    }
}
