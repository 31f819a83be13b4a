package vivarium.simulation.client;

import java.util.List;
import vivarium.core.Bytes;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.wire.JuteWriter;
import vivarium.wire.SessionPassword;

/** Writes what a client says, with the length in front. */
final class RequestFrames {
    private static final int CREATE_SESSION = 0;

    private RequestFrames() {}

    static void connect(JuteWriter out, long lastZxidSeen, int timeoutMillis, long sessionId) {
        int start = begin(out);
        out.int32(0);
        out.int64(lastZxidSeen);
        out.int32(timeoutMillis);
        out.int64(sessionId);
        out.buffer(
                sessionId == CREATE_SESSION
                        ? Bytes.wrap(new byte[SessionPassword.LENGTH])
                        : SessionPassword.of(sessionId));
        // Some clients are too old to know of servers that only read.
        if ((timeoutMillis & 1) == 0) {
            out.bool(false);
        }
        end(out, start);
    }

    static void auth(JuteWriter out, int xid, String scheme, String proof) {
        int start = begin(out);
        out.int32(xid);
        out.int32(100);
        out.int32(0);
        out.text(scheme);
        out.buffer(Bytes.utf8(proof));
        end(out, start);
    }

    static void request(JuteWriter out, int xid, Operation operation) {
        int start = begin(out);
        out.int32(xid);
        out.int32(opcode(operation));
        body(out, operation);
        end(out, start);
    }

    private static int begin(JuteWriter out) {
        int start = out.length();
        out.int32(0);
        return start;
    }

    private static void end(JuteWriter out, int start) {
        out.patchInt32(start, out.length() - start - Integer.BYTES);
    }

    private static int opcode(Operation operation) {
        return switch (operation) {
            case Operation.Create create -> create.kind().opcode();
            case Operation.Delete _ -> 2;
            case Operation.Exists _ -> 3;
            case Operation.GetData _ -> 4;
            case Operation.SetData _ -> 5;
            case Operation.SetAcl _ -> 7;
            case Operation.Sync _ -> 9;
            case Operation.Ping _ -> 11;
            case Operation.GetChildren children -> children.withStat() ? 12 : 8;
            case Operation.CheckVersion _ -> 13;
            case Operation.Multi _ -> 14;
            case Operation.SetWatches _ -> 105;
            case Operation.CloseSession _ -> -11;
            default -> throw new IllegalArgumentException("no client asks for " + operation);
        };
    }

    private static void body(JuteWriter out, Operation operation) {
        switch (operation) {
            case Operation.Create create -> {
                out.path(create.path());
                out.buffer(create.data());
                out.acl(create.acl());
                out.int32(create.flags());
                if (create.kind() == Operation.CreateKind.TTL) {
                    out.int64(create.ttlMillis());
                }
            }
            case Operation.Delete delete -> versioned(out, delete.path(), delete.version());
            case Operation.CheckVersion check -> versioned(out, check.path(), check.version());
            case Operation.SetData set -> {
                out.path(set.path());
                out.buffer(set.data());
                out.int32(set.version());
            }
            case Operation.SetAcl set -> {
                out.path(set.path());
                out.acl(set.acl());
                out.int32(set.version());
            }
            case Operation.Exists exists -> watched(out, exists.path(), exists.watch());
            case Operation.GetData get -> watched(out, get.path(), get.watch());
            case Operation.GetChildren get -> watched(out, get.path(), get.watch());
            case Operation.Sync sync -> {
                Path path = sync.path();
                out.path(path == null ? Path.ROOT : path);
            }
            case Operation.Multi multi -> multi(out, multi.parts());
            case Operation.SetWatches set -> {
                out.int64(set.relativeZxid());
                out.paths(set.data());
                out.paths(set.exist());
                out.paths(set.child());
                out.paths(set.persistent());
                out.paths(set.persistentRecursive());
            }
            case Operation.Ping _, Operation.CloseSession _ -> {}
            default -> throw new IllegalArgumentException("no client asks for " + operation);
        }
    }

    private static void versioned(JuteWriter out, Path path, int version) {
        out.path(path);
        out.int32(version);
    }

    private static void watched(JuteWriter out, Path path, boolean watch) {
        out.path(path);
        out.bool(watch);
    }

    private static void multi(JuteWriter out, List<Operation.Part> parts) {
        for (Operation.Part part : parts) {
            out.int32(opcode(part));
            out.bool(false);
            out.int32(-1);
            body(out, part);
        }
        out.int32(-1);
        out.bool(true);
        out.int32(-1);
    }
}
