package vivarium.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Operation.CreateKind;

/** What stands in a request behind its header. Bytes behind the body are ignored. */
final class RequestBodies {
    private static final int CONTAINER_MODE = 4;
    private static final int TTL_MODE = 5;
    private static final int SEQUENTIAL_TTL_MODE = 6;
    private static final int LAST_WATCHER_TYPE = 5;

    private static final Path NOWHERE = Path.of("");

    /** As ZooKeeper does, no path at all can be watched, in vain; no text is read as this. */
    private static final Path NO_PATH = Path.wrap(new byte[] {-1});

    private static final Operation PING = new Operation.Ping();
    private static final Operation CLOSE_SESSION = new Operation.CloseSession();
    private static final Operation WHO_AM_I = new Operation.WhoAmI();

    private final JuteReader in;

    /** Whether a part of a multi was found to have no access list: see {@link #createInMulti}. */
    private boolean withoutAccessList;

    /** Whether a part of a multi was found to have no path. */
    private boolean withoutPath;

    RequestBodies(JuteReader in) {
        this.in = in;
    }

    /**
     * The operation with this opcode, whose body the reader stands before. As with ZooKeeper, a
     * body that can't be read takes no zxid, but that of a multi does, unless it is for want of an
     * access list.
     */
    Operation operation(int opcode) {
        withoutAccessList = false;
        withoutPath = false;
        try {
            return body(opcode);
        } catch (MalformedException _) {
            return opcode == Opcode.MULTI && !withoutAccessList
                    ? new Operation.MalformedWrite(opcode)
                    : new Operation.MalformedRead(opcode);
        }
    }

    private Operation body(int opcode) throws MalformedException {
        return switch (opcode) {
            case Opcode.GET_DATA -> new Operation.GetData(in.path(), in.bool());
            case Opcode.EXISTS -> new Operation.Exists(in.path(), in.bool());
            case Opcode.GET_CHILDREN -> new Operation.GetChildren(in.path(), in.bool(), false);
            case Opcode.GET_CHILDREN2 -> new Operation.GetChildren(in.path(), in.bool(), true);
            case Opcode.CREATE -> orMalformed(create(CreateKind.CREATE), opcode);
            case Opcode.CREATE2 -> orMalformed(create(CreateKind.CREATE2), opcode);
            case Opcode.CREATE_CONTAINER -> orMalformed(create(CreateKind.CONTAINER), opcode);
            case Opcode.CREATE_TTL -> orMalformed(create(CreateKind.TTL), opcode);
            case Opcode.SET_DATA -> setData();
            case Opcode.DELETE -> orMalformed(delete(), opcode);
            case Opcode.MULTI -> multi();
            case Opcode.PING -> PING;
            case Opcode.SYNC -> new Operation.Sync(in.pathOrNull());
            case Opcode.GET_ACL -> new Operation.GetAcl(in.path());
            case Opcode.SET_ACL -> setAcl();
            case Opcode.CLOSE_SESSION -> CLOSE_SESSION;
            default -> rareBody(opcode);
        };
    }

    private Operation rareBody(int opcode) throws MalformedException {
        return switch (opcode) {
            case Opcode.SET_WATCHES -> setWatches(false);
            case Opcode.SET_WATCHES2 -> setWatches(true);
            case Opcode.ADD_WATCH -> new Operation.AddWatch(watchedPath(), atMost(1, 0));
            case Opcode.CHECK_WATCHES ->
                    new Operation.CheckWatches(watchedPath(), atMost(LAST_WATCHER_TYPE, 1));
            case Opcode.REMOVE_WATCHES ->
                    new Operation.RemoveWatches(watchedPath(), atMost(LAST_WATCHER_TYPE, 1));
            case Opcode.MULTI_READ -> multiRead();
            case Opcode.GET_EPHEMERALS -> {
                Path prefix = in.pathOrNull();
                yield new Operation.GetEphemerals(prefix == null ? Path.ROOT : prefix);
            }
            case Opcode.GET_ALL_CHILDREN_NUMBER -> new Operation.GetAllChildrenNumber(in.path());
            case Opcode.WHO_AM_I -> WHO_AM_I;
            case Opcode.RECONFIG ->
                    new Operation.Reconfig(in.text(), in.text(), in.text(), in.int64());
            // Among them those that only servers may ask for: createSession, deleteContainer, and
            // a check that is in no multi.
            default -> new Operation.Unknown(opcode);
        };
    }

    private Path watchedPath() throws MalformedException {
        Path path = in.pathOrNull();
        return path == null ? NO_PATH : path;
    }

    /** A number that names one of few things. */
    private int atMost(int most, int least) throws MalformedException {
        int number = in.int32();
        if (number < least || number > most) {
            throw new MalformedException("no such kind: " + number);
        }
        return number;
    }

    /** A write that could be read but has no path takes a zxid before it is refused. */
    private static Operation orMalformed(Operation.@Nullable Write write, int opcode) {
        return write == null ? new Operation.MalformedWrite(opcode) : write;
    }

    private Operation.@Nullable Create create(CreateKind kind) throws MalformedException {
        Path path = in.pathOrNull();
        Bytes data = in.buffer();
        List<Acl> acl = in.aclOrNull();
        int flags = in.int32();
        long ttlMillis = kind == CreateKind.TTL ? in.int64() : -1;
        if (path == null && flags >= 0 && flags <= CONTAINER_MODE) {
            return null;
        }
        // A mode that can't be is refused before anything else is looked at.
        return new Operation.Create(kind, orNowhere(path), data, acl, flags, ttlMillis);
    }

    private Operation.@Nullable Delete delete() throws MalformedException {
        Path path = in.pathOrNull();
        int version = in.int32();
        return path == null ? null : new Operation.Delete(path, version);
    }

    /** ZooKeeper refuses a set of no path at all as it does one of an empty path. */
    private Operation.SetAcl setAcl() throws MalformedException {
        Path path = orNowhere(in.pathOrNull());
        return new Operation.SetAcl(path, in.aclOrNull(), in.int32());
    }

    private Operation.SetData setData() throws MalformedException {
        Path path = orNowhere(in.pathOrNull());
        return new Operation.SetData(path, in.buffer(), in.int32());
    }

    private static Path orNowhere(@Nullable Path path) {
        return path == null ? NOWHERE : path;
    }

    private Operation setWatches(boolean withPersistent) throws MalformedException {
        long relativeZxid = in.int64();
        List<Path> data = in.paths();
        List<Path> exist = in.paths();
        List<Path> child = in.paths();
        return new Operation.SetWatches(
                relativeZxid,
                data,
                exist,
                child,
                withPersistent ? in.paths() : List.of(),
                withPersistent ? in.paths() : List.of());
    }

    private Operation multi() throws MalformedException {
        List<Operation.Part> parts = new ArrayList<>();
        for (int type = partType(); type != JuteWriter.NULL_LENGTH; type = partType()) {
            parts.add(
                    switch (type) {
                        case Opcode.CREATE -> createInMulti(CreateKind.CREATE);
                        case Opcode.CREATE2 -> createInMulti(CreateKind.CREATE2);
                        case Opcode.CREATE_CONTAINER -> createInMulti(CreateKind.CONTAINER);
                        case Opcode.CREATE_TTL -> createInMulti(CreateKind.TTL);
                        case Opcode.DELETE -> new Operation.Delete(pathOfPart(), in.int32());
                        case Opcode.SET_DATA ->
                                new Operation.SetData(pathOfPart(), in.buffer(), in.int32());
                        case Opcode.CHECK -> new Operation.CheckVersion(pathOfPart(), in.int32());
                        default -> throw new MalformedException("part of type " + type);
                    });
        }
        if (withoutPath) {
            throw new MalformedException("a part without a path");
        }
        return new Operation.Multi(parts);
    }

    /** That a path is missing is no matter before every part has been read. */
    private Path pathOfPart() throws MalformedException {
        Path path = in.pathOrNull();
        withoutPath |= path == null;
        return orNowhere(path);
    }

    private Operation multiRead() throws MalformedException {
        List<Operation.Read> parts = new ArrayList<>();
        for (int type = partType(); type != JuteWriter.NULL_LENGTH; type = partType()) {
            parts.add(
                    switch (type) {
                        case Opcode.GET_DATA -> new Operation.GetData(unwatchedPath(), false);
                        case Opcode.GET_CHILDREN ->
                                new Operation.GetChildren(unwatchedPath(), false, false);
                        default -> throw new MalformedException("part of type " + type);
                    });
        }
        return new Operation.MultiRead(parts);
    }

    /** No watch is left by a read of several: the flag is read and not heeded. */
    private Path unwatchedPath() throws MalformedException {
        Path path = in.path();
        in.bool();
        return path;
    }

    /** The type of the part that comes, -1 where no more does. */
    private int partType() throws MalformedException {
        int type = in.int32();
        boolean done = in.bool();
        in.int32();
        if (done) {
            return JuteWriter.NULL_LENGTH;
        }
        if (type == JuteWriter.NULL_LENGTH) {
            throw new MalformedException("part of type -1");
        }
        return type;
    }

    /**
     * In a multi ZooKeeper reads the mode before anything else, and what it makes of opcode and
     * mode together is not what it makes of them alone: a container's mode makes a container
     * whatever the opcode, and an opcode for a time to live without such a mode is a plain create.
     * Without an access list it refuses the whole request before that has a zxid.
     */
    private Operation.Part createInMulti(CreateKind asked) throws MalformedException {
        Path path = pathOfPart();
        Bytes data = in.buffer();
        List<Acl> acl = in.aclOrNull();
        int flags = in.int32();
        long ttlMillis = asked == CreateKind.TTL ? in.int64() : -1;
        boolean lives = flags == TTL_MODE || flags == SEQUENTIAL_TTL_MODE;
        if (flags < 0 || flags > SEQUENTIAL_TTL_MODE) {
            throw new MalformedException("no such mode: " + flags);
        }
        if (acl == null) {
            withoutAccessList = true;
            throw new MalformedException("no access list");
        }
        if (lives && asked != CreateKind.TTL) {
            throw new MalformedException("mode " + flags + " without a time to live");
        }
        CreateKind kind = kindInMulti(asked, flags, lives);
        return new Operation.Create(kind, path, data, acl, flags, lives ? ttlMillis : -1);
    }

    private static CreateKind kindInMulti(CreateKind asked, int flags, boolean lives) {
        if (flags == CONTAINER_MODE) {
            return CreateKind.CONTAINER;
        }
        return asked == CreateKind.TTL && !lives ? CreateKind.CREATE : asked;
    }
}
