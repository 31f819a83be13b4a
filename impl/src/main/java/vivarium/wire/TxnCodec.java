package vivarium.wire;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Digest;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/**
 * Transactions as the log and the peers have them: a header, a body by its type, and perhaps the
 * digest of the tree.
 *
 * <p>An instance holds a reader that it uses again and again, so it belongs to one thread.
 */
public final class TxnCodec {
    private static final int DIGEST_BYTES = Integer.BYTES + Long.BYTES;
    private static final int LEAST_PART_BYTES = 2 * Integer.BYTES;

    private final JuteReader in;

    /**
     * @param maxLengthBytes the longest string or buffer that is taken, jute.maxbuffer and some
     *     more
     */
    public TxnCodec(int maxLengthBytes) {
        in = new JuteReader(maxLengthBytes);
    }

    /** Appends the bytes of {@code proposal}. */
    public static void write(JuteWriter out, Proposal proposal) {
        Txn txn = proposal.txn();
        out.int64(proposal.sessionId());
        out.int32(proposal.cxid());
        out.int64(proposal.zxid());
        out.int64(proposal.timeMillis());
        out.int32(type(txn));
        body(out, txn);
        if (proposal.digested()) {
            out.int32(Digest.VERSION);
            out.int64(proposal.digest());
        }
    }

    /** The type of a transaction, which says how its body is to be read. */
    private static int type(Txn txn) {
        return switch (txn) {
            case Txn.Create create -> create.kind().opcode();
            case Txn.Delete delete -> delete.byLeader() ? Opcode.DELETE_CONTAINER : Opcode.DELETE;
            case Txn.SetData set -> set.reconfig() ? Opcode.RECONFIG : Opcode.SET_DATA;
            case Txn.SetAcl _ -> Opcode.SET_ACL;
            case Txn.CheckVersion _ -> Opcode.CHECK;
            case Txn.CreateSession _ -> Opcode.CREATE_SESSION;
            case Txn.CloseSession _ -> Opcode.CLOSE_SESSION;
            case Txn.Failure _ -> Opcode.ERROR;
            case Txn.Multi _ -> Opcode.MULTI;
        };
    }

    private static void body(JuteWriter out, Txn txn) {
        switch (txn) {
            case Txn.Create create -> create(out, create);
            case Txn.Delete delete -> out.path(delete.path());
            case Txn.SetData set -> {
                out.path(set.path());
                out.buffer(set.data());
                out.int32(set.version());
            }
            case Txn.SetAcl set -> {
                out.path(set.path());
                out.acl(set.acl());
                out.int32(set.version());
            }
            case Txn.CheckVersion check -> {
                out.path(check.path());
                out.int32(check.version());
            }
            case Txn.CreateSession create -> out.int32(create.timeoutMillis());
            case Txn.CloseSession close -> {
                List<Path> paths = close.paths();
                if (paths != null) {
                    out.paths(paths);
                }
            }
            case Txn.Failure failure -> out.int32(failure.error());
            case Txn.Multi multi -> multi(out, multi.parts());
        }
    }

    private static void create(JuteWriter out, Txn.Create create) {
        out.path(create.path());
        out.buffer(create.data());
        out.acl(create.acl());
        switch (create.kind()) {
            case CREATE, CREATE2 -> {
                out.bool(create.ephemeral());
                out.int32(create.parentCversion());
            }
            case CONTAINER -> out.int32(create.parentCversion());
            case TTL -> {
                out.int32(create.parentCversion());
                out.int64(create.ttlMillis());
            }
        }
    }

    private static void multi(JuteWriter out, List<Txn> parts) {
        out.int32(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            Txn part = parts.get(i);
            out.int32(type(part));
            int start = out.length();
            out.int32(0);
            body(out, part);
            out.patchInt32(start, out.length() - start - Integer.BYTES);
        }
    }

    /**
     * Reads a proposal; bytes behind it are ignored.
     *
     * @throws MalformedException if the bytes are none
     */
    public Proposal read(byte[] array, int offset, int length) throws MalformedException {
        in.over(array, offset, length);
        long sessionId = in.int64();
        int cxid = in.int32();
        long zxid = in.int64();
        long timeMillis = in.int64();
        int type = in.int32();
        Txn txn = type == Opcode.MULTI ? multi() : single(type);
        boolean digested = in.remaining() >= DIGEST_BYTES && in.int32() == Digest.VERSION;
        long digest = digested ? in.int64() : 0;
        return new Proposal(zxid, sessionId, cxid, timeMillis, txn, digested, digest);
    }

    private Txn single(int type) throws MalformedException {
        return switch (type) {
            case Opcode.CREATE -> create(CreateKind.CREATE);
            case Opcode.CREATE2 -> create(CreateKind.CREATE2);
            case Opcode.CREATE_CONTAINER -> create(CreateKind.CONTAINER);
            case Opcode.CREATE_TTL -> create(CreateKind.TTL);
            case Opcode.DELETE -> new Txn.Delete(in.path(), false);
            case Opcode.DELETE_CONTAINER -> new Txn.Delete(in.path(), true);
            case Opcode.SET_DATA -> new Txn.SetData(in.path(), in.buffer(), in.int32(), false);
            case Opcode.RECONFIG -> new Txn.SetData(in.path(), in.buffer(), in.int32(), true);
            case Opcode.SET_ACL -> new Txn.SetAcl(in.path(), acl(), in.int32());
            case Opcode.CREATE_SESSION -> new Txn.CreateSession(in.int32());
            case Opcode.CLOSE_SESSION -> closeSession();
            case Opcode.ERROR -> new Txn.Failure(in.int32());
            default -> throw new MalformedException("transaction of type " + type);
        };
    }

    /** Before ZooKeeper 3.4 the record ended before the parent's counter. */
    private Txn create(CreateKind kind) throws MalformedException {
        Path path = in.path();
        Bytes data = in.buffer();
        List<Acl> acl = acl();
        return switch (kind) {
            case CREATE, CREATE2 -> {
                boolean ephemeral = in.bool();
                int created = in.remaining() == 0 ? -1 : in.int32();
                yield new Txn.Create(kind, path, data, acl, ephemeral, created, -1);
            }
            case CONTAINER -> new Txn.Create(kind, path, data, acl, false, in.int32(), -1);
            case TTL -> new Txn.Create(kind, path, data, acl, false, in.int32(), in.int64());
        };
    }

    private List<Acl> acl() throws MalformedException {
        List<Acl> acl = in.aclOrNull();
        return acl == null ? List.of() : acl;
    }

    /**
     * A server before 3.6, or one that was told so, lists no paths. What follows is then nothing or
     * a digest, which can't be mistaken for paths: two of them don't fit into so few bytes.
     */
    private Txn closeSession() throws MalformedException {
        int remaining = in.remaining();
        boolean onlyDigest = remaining == DIGEST_BYTES && in.peekInt32() == Digest.VERSION;
        return new Txn.CloseSession(remaining == 0 || onlyDigest ? null : in.pathsOrNull());
    }

    private Txn multi() throws MalformedException {
        int count = Math.max(0, in.count(LEAST_PART_BYTES));
        List<Txn> parts = new ArrayList<>(Math.min(count, 1 << 10));
        for (int i = 0; i < count; i++) {
            int type = in.int32();
            int before = in.narrow(in.int32());
            parts.add(
                    type == Opcode.CHECK
                            ? new Txn.CheckVersion(in.path(), in.int32())
                            : single(type));
            in.widen(before);
        }
        return new Txn.Multi(parts);
    }
}
