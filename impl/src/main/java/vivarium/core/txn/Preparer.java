package vivarium.core.txn;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Settings;
import vivarium.core.tree.Acl;
import vivarium.core.tree.AclRules;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Owner;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;

/**
 * Turns what a client asks into what is agreed: an {@link Operation} into a {@link Txn} in which
 * every condition has been decided, against the tree as all outstanding proposals will leave it. A
 * refusal becomes a transaction too, {@link Txn.Failure}.
 *
 * <p>The order of the checks is the one of Apache's PrepRequestProcessor: the first that fails
 * gives the answer.
 */
public final class Preparer {
    /** The znodes that nobody may delete. */
    private static final List<Path> UNDELETABLE =
            List.of(Path.ROOT, Path.of("/zookeeper"), DataTree.QUOTA, DataTree.CONFIG);

    private final boolean extendedTypes;
    private final boolean skipAcl;
    private final AclRules acls;
    private final long neverUsedMillis;
    private final Outstanding outstanding;
    private final QuotaGuard quotas;

    /**
     * Who asks, and under which zxid it would be agreed.
     *
     * @param sessionFault why nothing may be asked in the session's name, null if something may
     */
    public record Asker(
            long sessionId,
            @Nullable ErrorCode sessionFault,
            List<Identity> identities,
            long zxid,
            long timeMillis) {}

    /** Why an operation is refused; thrown within this class only. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final ErrorCode error;

        Refusal(ErrorCode error) {
            super(error.name(), null, false, false);
            this.error = error;
        }
    }

    /** Judges against {@code tree}; which rules there are besides, the settings say. */
    public Preparer(DataTree tree, Settings settings) {
        this.outstanding = new Outstanding(tree);
        this.quotas = new QuotaGuard(tree.quotas(), settings.enforceQuota());
        this.extendedTypes = settings.extendedTypes();
        this.skipAcl = settings.skipAcl();
        this.acls = new AclRules(settings.schemes());
        this.neverUsedMillis = settings.containers().neverUsedMillis();
    }

    /** The transaction for {@code operation}; from now on it is outstanding. */
    public Txn prepare(Asker asker, Operation.Write operation) {
        Txn txn;
        try {
            txn =
                    switch (operation) {
                        case Operation.Part part -> part(asker, part);
                        case Operation.SetAcl set -> setAcl(asker, set);
                        case Operation.Multi multi -> multi(asker, multi);
                        case Operation.DeleteContainer delete -> deleteContainer(asker, delete);
                        case Operation.CreateSession create ->
                                new Txn.CreateSession(create.timeoutMillis());
                        case Operation.CloseSession _ -> closeSession(asker);
                        // As by ZooKeeper's servers unless they are told otherwise.
                        case Operation.Reconfig _ -> throw new Refusal(ErrorCode.RECONFIG_DISABLED);
                        case Operation.MalformedWrite _ ->
                                throw new Refusal(ErrorCode.MARSHALLING_ERROR);
                    };
        } catch (Refusal refusal) {
            discard();
            txn = new Txn.Failure(refusal.error.code());
        }
        outstanding.accept(asker.zxid());
        quotas.accept(asker.zxid());
        return txn;
    }

    private void discard() {
        outstanding.discard();
        quotas.discard();
    }

    /** The digest of the tree once the transaction prepared last has been committed. */
    public long digest() {
        return outstanding.digest();
    }

    /** The tree has everything up to {@code zxid} by now. */
    public void committed(long zxid) {
        outstanding.committed(zxid);
        quotas.committed(zxid);
    }

    private Txn part(Asker asker, Operation.Part part) throws Refusal {
        return switch (part) {
            case Operation.Create create -> create(asker, create);
            case Operation.Delete delete -> delete(asker, delete);
            case Operation.SetData set -> setData(asker, set);
            case Operation.CheckVersion check -> checkVersion(asker, check);
        };
    }

    private Txn create(Asker asker, Operation.Create create) throws Refusal {
        CreateMode mode = modeOf(create);
        requireSession(asker);
        Path asked = create.path();
        Path parentPath = asked.parent();
        if (parentPath == null || asked.hasNul()) {
            throw new Refusal(ErrorCode.BAD_ARGUMENTS);
        }
        List<Acl> acl = acls.resolve(create.acl(), asker.identities());
        if (acl == null) {
            throw new Refusal(ErrorCode.INVALID_ACL);
        }
        Draft parent = existing(parentPath);
        require(parent, Acl.CREATE, asker, asked, acl);
        Path path = mode.isSequential() ? asked.withSequence(parent.created) : asked;
        if (path.fault() != null) {
            throw new Refusal(ErrorCode.BAD_ARGUMENTS);
        }
        if (outstanding.find(path) != null) {
            throw new Refusal(ErrorCode.NODE_EXISTS);
        }
        if (Owner.session(parent.owner, extendedTypes) != 0) {
            throw new Refusal(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        }
        requireRoom(path, 1, length(create.data()));
        int created = parent.created + 1;
        draftChild(asker, parentPath, created, path, create, mode, acl);
        return new Txn.Create(
                create.kind(),
                path,
                create.data(),
                acl,
                mode.isEphemeral(),
                created,
                create.ttlMillis());
    }

    private void draftChild(
            Asker asker,
            Path parentPath,
            int created,
            Path path,
            Operation.Create create,
            CreateMode mode,
            List<Acl> acl) {
        Draft parent = outstanding.edit(parentPath);
        // Counters wrap; the tree takes a new one only if it is larger, and so does the draft.
        if (created > parent.created) {
            parent.created = created;
            parent.pzxid = asker.zxid();
        }
        parent.childCount++;
        outstanding.changed(parent);
        Draft child = outstanding.edit(path);
        child.exists = true;
        child.data = create.data();
        child.acl = acl;
        child.childCount = 0;
        child.set(
                new StatPersisted(
                        asker.zxid(),
                        asker.zxid(),
                        asker.timeMillis(),
                        asker.timeMillis(),
                        0,
                        0,
                        0,
                        owner(asker, create, mode),
                        asker.zxid()));
        outstanding.changed(child);
        quotas.grow(path, 1, length(create.data()));
    }

    private static long owner(Asker asker, Operation.Create create, CreateMode mode) {
        return switch (create.kind()) {
            case CREATE, CREATE2 -> mode.isEphemeral() ? asker.sessionId() : Owner.NONE;
            case CONTAINER -> Owner.CONTAINER;
            case TTL -> Owner.ttl(create.ttlMillis());
        };
    }

    private CreateMode modeOf(Operation.Create create) throws Refusal {
        CreateMode mode = CreateMode.of(create.flags());
        if (mode == null) {
            throw new Refusal(ErrorCode.BAD_ARGUMENTS);
        }
        boolean ttl = mode.isTtl() || create.kind() == Operation.CreateKind.TTL;
        if (ttl && !extendedTypes) {
            throw new Refusal(ErrorCode.UNIMPLEMENTED);
        }
        long longest = Owner.MAX_TTL_MILLIS;
        boolean fits =
                mode.isTtl()
                        ? create.ttlMillis() > 0 && create.ttlMillis() <= longest
                        : create.ttlMillis() < 0 && create.kind() != Operation.CreateKind.TTL;
        if (!fits) {
            throw new Refusal(ErrorCode.BAD_ARGUMENTS);
        }
        return mode;
    }

    private Txn delete(Asker asker, Operation.Delete delete) throws Refusal {
        requireSession(asker);
        Path path = delete.path();
        Path parentPath = path.parent();
        if (parentPath == null || path.hasNul() || UNDELETABLE.contains(path)) {
            throw new Refusal(ErrorCode.BAD_ARGUMENTS);
        }
        require(existing(parentPath), Acl.DELETE, asker, path, null);
        Draft znode = existing(path);
        requireVersion(delete.version(), znode.version);
        if (znode.childCount > 0) {
            throw new Refusal(ErrorCode.NOT_EMPTY);
        }
        draftDelete(path, parentPath, asker.zxid());
        return new Txn.Delete(path, false);
    }

    private void draftDelete(Path path, Path parentPath, long zxid) {
        Draft parent = outstanding.edit(parentPath);
        parent.childCount--;
        parent.pzxid = Math.max(parent.pzxid, zxid);
        outstanding.changed(parent);
        Draft gone = outstanding.edit(path);
        gone.exists = false;
        quotas.grow(path, -1, -length(gone.data));
        outstanding.changed(gone);
    }

    /** The leader's wish may have been overtaken: then it comes to nothing, as a refusal. */
    private Txn deleteContainer(Asker asker, Operation.DeleteContainer delete) throws Refusal {
        Path path = delete.path();
        Path parentPath = path.parent();
        Draft znode = existing(path);
        if (parentPath == null || znode.childCount > 0) {
            throw new Refusal(ErrorCode.NOT_EMPTY);
        }
        boolean over =
                Owner.isOver(
                        znode.owner,
                        extendedTypes,
                        znode.created,
                        asker.timeMillis() - znode.mtimeMillis,
                        neverUsedMillis);
        if (!over) {
            throw new Refusal(ErrorCode.BAD_VERSION);
        }
        draftDelete(path, parentPath, asker.zxid());
        return new Txn.Delete(path, true);
    }

    private Txn setData(Asker asker, Operation.SetData set) throws Refusal {
        requireSession(asker);
        Draft znode = existing(valid(set.path()));
        require(znode, Acl.WRITE, asker, set.path(), null);
        long growthBytes = length(set.data()) - length(znode.data);
        requireRoom(set.path(), 0, growthBytes);
        requireVersion(set.version(), znode.version);
        quotas.grow(set.path(), 0, growthBytes);
        Draft changed = outstanding.edit(set.path());
        changed.version = znode.version + 1;
        changed.data = set.data();
        changed.mzxid = asker.zxid();
        changed.mtimeMillis = asker.timeMillis();
        outstanding.changed(changed);
        return new Txn.SetData(set.path(), set.data(), changed.version, false);
    }

    private Txn setAcl(Asker asker, Operation.SetAcl set) throws Refusal {
        requireSession(asker);
        valid(set.path());
        List<Acl> acl = acls.resolve(set.acl(), asker.identities());
        if (acl == null) {
            throw new Refusal(ErrorCode.INVALID_ACL);
        }
        Draft znode = existing(set.path());
        require(znode, Acl.ADMIN, asker, set.path(), acl);
        requireVersion(set.version(), znode.aversion);
        Draft changed = outstanding.edit(set.path());
        changed.aversion = znode.aversion + 1;
        changed.acl = acl;
        outstanding.changed(changed);
        return new Txn.SetAcl(set.path(), acl, changed.aversion);
    }

    private Txn checkVersion(Asker asker, Operation.CheckVersion check) throws Refusal {
        requireSession(asker);
        Draft znode = existing(valid(check.path()));
        require(znode, Acl.READ, asker, check.path(), null);
        requireVersion(check.version(), znode.version);
        return new Txn.CheckVersion(check.path(), znode.version);
    }

    /** Each part sees what the parts before it would do; one refusal undoes them all. */
    private Txn multi(Asker asker, Operation.Multi multi) {
        List<Operation.Part> parts = multi.parts();
        List<Txn> txns = new ArrayList<>(parts.size());
        for (Operation.Part part : parts) {
            try {
                txns.add(part(asker, part));
            } catch (Refusal refusal) {
                discard();
                return failedMulti(parts.size(), txns.size(), refusal.error);
            }
        }
        return new Txn.Multi(txns);
    }

    private static Txn failedMulti(int size, int failing, ErrorCode error) {
        List<Txn> marks = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            ErrorCode mark =
                    i < failing
                            ? ErrorCode.OK
                            : i == failing ? error : ErrorCode.RUNTIME_INCONSISTENCY;
            marks.add(new Txn.Failure(mark.code()));
        }
        return new Txn.Multi(marks);
    }

    private Txn closeSession(Asker asker) throws Refusal {
        requireSession(asker);
        Set<Path> paths = outstanding.ephemeralsOf(asker.sessionId());
        for (Path path : paths) {
            Path parentPath = path.parent();
            if (parentPath != null) {
                draftDelete(path, parentPath, asker.zxid());
            }
        }
        return Txn.CloseSession.listing(paths);
    }

    private static void requireSession(Asker asker) throws Refusal {
        ErrorCode fault = asker.sessionFault();
        if (fault != null) {
            throw new Refusal(fault);
        }
    }

    private Draft existing(Path path) throws Refusal {
        Draft draft = outstanding.find(path);
        if (draft == null) {
            throw new Refusal(ErrorCode.NO_NODE);
        }
        return draft;
    }

    private static Path valid(Path path) throws Refusal {
        if (path.fault() != null) {
            throw new Refusal(ErrorCode.BAD_ARGUMENTS);
        }
        return path;
    }

    private void require(Draft znode, int perm, Asker asker, Path path, @Nullable List<Acl> given)
            throws Refusal {
        if (!skipAcl && !acls.permits(znode.acl, path, perm, asker.identities(), given)) {
            throw new Refusal(ErrorCode.NO_AUTH);
        }
    }

    private void requireRoom(Path path, int count, long bytes) throws Refusal {
        if (!quotas.allows(path, count, bytes)) {
            throw new Refusal(ErrorCode.QUOTA_EXCEEDED);
        }
    }

    private static long length(@Nullable Bytes data) {
        return data == null ? 0 : data.length();
    }

    private static void requireVersion(int expected, int actual) throws Refusal {
        if (expected != -1 && expected != actual) {
            throw new Refusal(ErrorCode.BAD_VERSION);
        }
    }
}
