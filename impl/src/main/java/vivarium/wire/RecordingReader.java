package vivarium.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.SnapshotHead;
import vivarium.core.Status;
import vivarium.core.tree.Acl;

/** Reads what {@link RecordingWriter} has written, of the same version of the core. */
public final class RecordingReader {
    private static final String ROOM = "vivarium.core.";

    private final JuteReader in;

    /** As the settings say, which come before any replica. */
    private boolean extendedTypes;

    private final List<Class<?>> classes = new ArrayList<>();

    /**
     * @param recording all of it
     */
    public RecordingReader(byte[] recording) {
        this.in = new JuteReader(recording.length).over(recording, 0, recording.length);
    }

    /** What a recording is made of. */
    public sealed interface Entry {}

    /** What the peer was born with; the first of all. */
    public record Birth(Settings settings, long seed, Recovered recovered) implements Entry {}

    /** It was given an input. */
    public record Step(long nowMillis, Input input) implements Entry {}

    /** How it was then. */
    public record Mark(Status status) implements Entry {}

    /** Whether there is one more whole entry. */
    public boolean hasNext() {
        return in.remaining() >= Integer.BYTES && in.peekInt32() <= in.remaining() - Integer.BYTES;
    }

    /** Whether the recording ends in the middle of an entry, as that of a killed server may. */
    public boolean isCutOff() {
        return in.remaining() > 0 && !hasNext();
    }

    /**
     * The next entry.
     *
     * @throws MalformedException if there is none, or it is of another version of the core
     */
    public Entry next() throws MalformedException {
        int before = in.narrow(in.int32());
        int kind = in.int32();
        Entry entry =
                switch (kind) {
                    case RecordingWriter.BIRTH -> birth();
                    case RecordingWriter.STEP -> new Step(in.int64(), read(Input.class));
                    case RecordingWriter.MARK -> new Mark(read(Status.class));
                    default -> throw new MalformedException("an entry of kind " + kind);
                };
        if (in.remaining() > 0) {
            throw new MalformedException(in.remaining() + " bytes behind an entry");
        }
        in.widen(before);
        return entry;
    }

    private Birth birth() throws MalformedException {
        if (in.int64() != RecordingWriter.MAGIC) {
            throw new MalformedException("no recording");
        }
        Settings settings = read(Settings.class);
        extendedTypes = settings.extendedTypes();
        return new Birth(settings, in.int64(), read(Recovered.class));
    }

    private <T> T read(Class<T> type) throws MalformedException {
        Object value = read();
        if (!type.isInstance(value)) {
            throw new MalformedException(value + " instead of a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private @Nullable Object read() throws MalformedException {
        int tag = in.int32();
        return switch (tag) {
            case RecordingWriter.NULL -> null;
            case RecordingWriter.LONG -> in.int64();
            case RecordingWriter.INT -> in.int32();
            case RecordingWriter.SHORT -> (short) in.int32();
            case RecordingWriter.TRUE -> true;
            case RecordingWriter.FALSE -> false;
            case RecordingWriter.TEXT -> in.text();
            case RecordingWriter.BYTES -> in.buffer();
            case RecordingWriter.PATH -> in.path();
            case RecordingWriter.LIST -> list();
            case RecordingWriter.ENUM -> constant();
            case RecordingWriter.RECORD -> record();
            case RecordingWriter.REPLICA -> replica();
            default -> throw new MalformedException("a value of kind " + tag);
        };
    }

    private List<@Nullable Object> list() throws MalformedException {
        int count = in.count(Integer.BYTES);
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(read());
        }
        return list;
    }

    private Class<?> type() throws MalformedException {
        int number = in.int32();
        if (number >= 0 && number < classes.size()) {
            return classes.get(number);
        }
        String name = in.text();
        if (number != classes.size() || name == null || !name.startsWith(ROOM)) {
            throw new MalformedException("a class " + name);
        }
        try {
            Class<?> type = Class.forName(name);
            classes.add(type);
            return type;
        } catch (ClassNotFoundException e) {
            throw new MalformedException("a class " + name + " that this version does not have");
        }
    }

    private Object constant() throws MalformedException {
        Class<?> type = type();
        String name = in.text();
        Object[] constants = type.getEnumConstants();
        for (Object constant : constants == null ? new Object[0] : constants) {
            if (constant instanceof Enum<?> one && one.name().equals(name)) {
                return constant;
            }
        }
        throw new MalformedException(type.getSimpleName() + " " + name);
    }

    private Object record() throws MalformedException {
        Class<?> type = type();
        RecordComponent[] parts = type.getRecordComponents();
        if (parts == null) {
            throw new MalformedException(type + " is no record");
        }
        Class<?>[] types = new Class<?>[parts.length];
        @Nullable Object[] values = new @Nullable Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            types[i] = parts[i].getType();
            values[i] = read();
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException
                | IllegalArgumentException e) {
            throw new MalformedException("a " + type.getSimpleName() + " of another version: " + e);
        }
    }

    private Replica replica() throws MalformedException {
        long zxid = in.int64();
        Replica replica = Replica.unloaded(extendedTypes);
        int sessions = in.count(Long.BYTES + Integer.BYTES);
        for (int i = 0; i < sessions; i++) {
            SnapshotHead.SessionEntry session = SnapshotCodec.session(in);
            replica.loadSession(session.id(), session.timeoutMillis());
        }
        Map<Long, List<Acl>> lists = new TreeMap<>();
        int acls = in.count(Long.BYTES + Integer.BYTES);
        for (int i = 0; i < acls; i++) {
            SnapshotHead.AclEntry acl = SnapshotCodec.acl(in);
            lists.put(acl.id(), acl.acl());
        }
        SnapshotCodec.ZnodeRecord znode = SnapshotCodec.znode(in);
        while (znode != null) {
            List<Acl> acl = lists.get(znode.aclId());
            if (!replica.tree().load(znode.path(), znode.data(), acl, znode.stat())) {
                throw new MalformedException(znode.path() + " has no parent");
            }
            znode = SnapshotCodec.znode(in);
        }
        replica.loaded(zxid);
        return replica;
    }
}
