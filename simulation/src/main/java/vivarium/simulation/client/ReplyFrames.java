package vivarium.simulation.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.simulation.engine.Violation;
import vivarium.wire.JuteReader;
import vivarium.wire.MalformedException;

/** Reads what a server says to a client, in whatever portions it comes. */
final class ReplyFrames {
    private static final int LONGEST_FIELD = 4 << 20;
    private static final int NOTIFICATION_XID = -1;

    /** Some replies tell a path and nothing else of the znode. */
    private static final Stat NO_STAT = new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final JuteReader in = new JuteReader(LONGEST_FIELD);
    private final Ear ear;
    private byte[] kept = new byte[64];
    private int keptLength;

    /** How much of it has been understood. */
    private int readLength;

    private boolean connected;

    /** Who is told what was read. */
    interface Ear {
        /** Whether it is still of interest what the server says. */
        boolean listens();

        /** What a reply to {@code xid}, which is the next to come, would answer. */
        Operation asked(int xid);

        /**
         * @param timeoutMillis 0 or less if there is no such session
         */
        void onConnected(long sessionId, int timeoutMillis);

        void onReply(int xid, long zxid, Outcome outcome);

        void onEvent(WatchEvent event);
    }

    ReplyFrames(Ear ear) {
        this.ear = ear;
    }

    /** How many bytes there are of a frame whose end has not come. */
    int held() {
        return keptLength - readLength;
    }

    void take(byte[] bytes, int offset, int length) {
        if (keptLength + length > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(2 * kept.length, keptLength + length));
        }
        System.arraycopy(bytes, offset, kept, keptLength, length);
        keptLength += length;
        while (ear.listens() && held() >= Integer.BYTES) {
            int frame = ByteBuffer.wrap(kept).getInt(readLength);
            if (held() - Integer.BYTES < frame) {
                break;
            }
            int at = readLength + Integer.BYTES;
            readLength = at + frame;
            try {
                in.over(kept, at, frame);
                frame();
                if (in.remaining() > 0) {
                    throw new MalformedException(in.remaining() + " bytes behind a frame");
                }
            } catch (MalformedException e) {
                throw new Violation("ServersSpeakTheProtocol", e.reason());
            }
        }
        System.arraycopy(kept, readLength, kept, 0, held());
        keptLength -= readLength;
        readLength = 0;
    }

    private void frame() throws MalformedException {
        if (!connected) {
            connected = true;
            in.int32();
            int timeoutMillis = in.int32();
            long sessionId = in.int64();
            in.buffer();
            if (in.remaining() > 0) {
                in.bool();
            }
            ear.onConnected(sessionId, timeoutMillis);
            return;
        }
        int xid = in.int32();
        long zxid = in.int64();
        ErrorCode error = ErrorCode.of(in.int32());
        if (xid == NOTIFICATION_XID) {
            WatchEvent.Type type = type(in.int32());
            in.int32();
            ear.onEvent(new WatchEvent(type, in.path(), zxid));
            return;
        }
        Operation asked = ear.asked(xid);
        Outcome outcome = error == ErrorCode.OK ? outcome(asked) : new Outcome.Failed(error);
        ear.onReply(xid, zxid, outcome);
    }

    private static WatchEvent.Type type(int code) throws MalformedException {
        return switch (code) {
            case 1 -> WatchEvent.Type.CREATED;
            case 2 -> WatchEvent.Type.DELETED;
            case 3 -> WatchEvent.Type.DATA_CHANGED;
            case 4 -> WatchEvent.Type.CHILDREN_CHANGED;
            default -> throw new MalformedException("an event of type " + code);
        };
    }

    private Outcome outcome(Operation asked) throws MalformedException {
        return switch (asked) {
            case Operation.Create create -> created(create.kind());
            case Operation.SetData _, Operation.SetAcl _, Operation.Exists _ ->
                    new Outcome.StatOf(stat());
            case Operation.GetData _ -> new Outcome.Data(in.buffer(), stat());
            case Operation.GetAcl _ -> {
                List<Acl> acl = in.aclOrNull();
                yield new Outcome.AclOf(acl == null ? List.of() : acl, stat());
            }
            case Operation.GetChildren get ->
                    new Outcome.Children(names(), get.withStat() ? stat() : null);
            case Operation.Sync _ -> new Outcome.Synced(in.path());
            case Operation.Multi _ -> multi();
            case Operation.Delete _,
                    Operation.CloseSession _,
                    Operation.SetWatches _,
                    Operation.Ping _ ->
                    Outcome.Done.DONE;
            default -> throw new IllegalArgumentException("no client asks for " + asked);
        };
    }

    private Outcome.Created created(CreateKind kind) throws MalformedException {
        Path path = in.path();
        return new Outcome.Created(kind, path, kind.repliesStat() ? stat() : NO_STAT);
    }

    private List<Bytes> names() throws MalformedException {
        List<Bytes> names = new ArrayList<>();
        for (int left = in.count(Integer.BYTES); left > 0; left--) {
            Bytes name = in.buffer();
            names.add(name == null ? Bytes.EMPTY : name);
        }
        return names;
    }

    private Stat stat() throws MalformedException {
        return new Stat(
                in.int64(),
                in.int64(),
                in.int64(),
                in.int64(),
                in.int32(),
                in.int32(),
                in.int32(),
                in.int64(),
                in.int32(),
                in.int32(),
                in.int64());
    }

    private Outcome multi() throws MalformedException {
        List<Outcome> parts = new ArrayList<>();
        while (true) {
            int type = in.int32();
            boolean done = in.bool();
            int error = in.int32();
            if (done) {
                return new Outcome.MultiOutcome(parts);
            }
            parts.add(
                    switch (type) {
                        case -1 -> {
                            if (in.int32() != error) {
                                throw new MalformedException("two errors of one part");
                            }
                            yield new Outcome.Failed(ErrorCode.of(error));
                        }
                        case 1 -> created(CreateKind.CREATE);
                        case 15 -> created(CreateKind.CREATE2);
                        case 2 -> Outcome.Done.DONE;
                        case 13 -> Outcome.Checked.CHECKED;
                        case 5 -> new Outcome.StatOf(stat());
                        default -> throw new MalformedException("a part of type " + type);
                    });
        }
    }
}
