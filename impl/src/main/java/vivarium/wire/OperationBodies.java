package vivarium.wire;

import vivarium.core.txn.Operation;

/** What a client asked, as it stands in a request behind its header: see {@link RequestBodies}. */
final class OperationBodies {
    private static final int PART_ERROR = -1;

    private OperationBodies() {}

    static int opcode(Operation.Write write) {
        return switch (write) {
            case Operation.Create create -> create.kind().opcode();
            case Operation.Delete _ -> Opcode.DELETE;
            case Operation.DeleteContainer _ -> Opcode.DELETE_CONTAINER;
            case Operation.SetData _ -> Opcode.SET_DATA;
            case Operation.SetAcl _ -> Opcode.SET_ACL;
            case Operation.CheckVersion _ -> Opcode.CHECK;
            case Operation.Multi _ -> Opcode.MULTI;
            case Operation.CreateSession _ -> Opcode.CREATE_SESSION;
            case Operation.CloseSession _ -> Opcode.CLOSE_SESSION;
            case Operation.Reconfig _ -> Opcode.RECONFIG;
            case Operation.MalformedWrite malformed -> malformed.opcode();
        };
    }

    /** A body that could not be read has none here: nobody can read that either. */
    static void write(JuteWriter out, Operation.Write write) {
        switch (write) {
            case Operation.Create create -> create(out, create);
            case Operation.Delete delete -> {
                out.path(delete.path());
                out.int32(delete.version());
            }
            case Operation.DeleteContainer delete -> out.path(delete.path());
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
            case Operation.CheckVersion check -> {
                out.path(check.path());
                out.int32(check.version());
            }
            case Operation.Multi multi -> multi(out, multi);
            case Operation.CreateSession create -> out.int32(create.timeoutMillis());
            case Operation.Reconfig reconfig -> {
                out.text(reconfig.joining());
                out.text(reconfig.leaving());
                out.text(reconfig.members());
                out.int64(reconfig.configVersion());
            }
            case Operation.CloseSession _, Operation.MalformedWrite _ -> {}
        }
    }

    private static void create(JuteWriter out, Operation.Create create) {
        out.path(create.path());
        out.buffer(create.data());
        out.acl(create.acl());
        out.int32(create.flags());
        if (create.kind() == Operation.CreateKind.TTL) {
            out.int64(create.ttlMillis());
        }
    }

    private static void multi(JuteWriter out, Operation.Multi multi) {
        for (Operation.Part part : multi.parts()) {
            partHeader(out, opcode(part), false);
            write(out, part);
        }
        partHeader(out, PART_ERROR, true);
    }

    private static void partHeader(JuteWriter out, int type, boolean done) {
        out.int32(type);
        out.bool(done);
        out.int32(PART_ERROR);
    }
}
