package vivarium.core.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.LongMap;
import vivarium.core.SnapshotHead;
import vivarium.core.watch.WatchEvent;

/**
 * The tree of znodes. It does what transactions say and judges nothing: that was done before they
 * were agreed. Each change may be made again on a tree that has it already, since a snapshot of
 * another server may be newer than its name says.
 */
public final class DataTree {
    private static final Path ZOOKEEPER = Path.of("/zookeeper");

    /** Where the ensemble's configuration stands. */
    public static final Path CONFIG = Path.of("/zookeeper/config");

    /** Below it stand the quotas. */
    public static final Path QUOTA = Path.of("/zookeeper/quota");

    private final boolean extendedTypes;
    private final AclTable acls = new AclTable();
    private final Digest digests = new Digest();
    private final Index index = new Index();
    private final Quotas quotas = new Quotas(this);
    private Znode root;

    /** Sum of the digests of all znodes. */
    private long digest;

    private final LongMap<Set<Path>> ephemerals = new LongMap<>();
    private int ephemeralCount;

    /** Containers and znodes with a time to live: those that the leader may have to remove. */
    private final Set<Path> mortals = new LinkedHashSet<>();

    private long approximateDataSize;
    private @Nullable Capture capture;
    private short captures;
    private TreeListener listener = TreeListener.NONE;

    /** An entirely empty tree, to be {@link #load loaded} from a snapshot. */
    public DataTree(boolean extendedTypes) {
        this.extendedTypes = extendedTypes;
        this.root = new Znode(null, Bytes.EMPTY, 0, Bytes.EMPTY, null, StatPersisted.ZERO);
    }

    /** The tree that an ensemble starts its life with. */
    public static DataTree fresh(boolean extendedTypes) {
        DataTree tree = new DataTree(extendedTypes);
        tree.load(Path.ROOT, Bytes.EMPTY, null, StatPersisted.ZERO);
        tree.load(ZOOKEEPER, Bytes.EMPTY, null, StatPersisted.ZERO);
        tree.load(QUOTA, Bytes.EMPTY, null, StatPersisted.ZERO);
        List<Acl> readOnly = List.of(new Acl(Acl.READ, "world", "anyone"));
        // Apache's servers set this list at birth, in a way that leaves its version at -1.
        tree.load(CONFIG, Bytes.EMPTY, readOnly, new StatPersisted(0, 0, 0, 0, 0, 0, -1, 0, 0));
        return tree;
    }

    /** From now on {@code listener} hears of each change. */
    public void listen(TreeListener listener) {
        this.listener = listener;
    }

    /**
     * Puts a znode of a snapshot in its place; parents come first, the root with path {@code /}.
     *
     * @param acl null for the open list
     * @return false if there is no parent for it or it is there already
     */
    public boolean load(
            Path path, @Nullable Bytes data, @Nullable List<Acl> acl, StatPersisted stat) {
        AclTable.Entry entry = acl == null ? null : acls.use(acl);
        if (path.isRoot()) {
            if (index.size() > 0) {
                return false;
            }
            root = new Znode(null, Bytes.EMPTY, 0, data, entry, stat);
            digest = Digest.summand(redigest(path, root));
            approximateDataSize = (long) Path.ROOT.length() + root.dataLength();
            return true;
        }
        Znode parent = index.findParent(path, root);
        if (parent == null || find(path) != null) {
            return false;
        }
        add(parent, path, data, entry, stat);
        return true;
    }

    /** The snapshot has been loaded whole. */
    public void loaded() {
        quotas.recover();
    }

    private Znode add(
            Znode parent,
            Path path,
            @Nullable Bytes data,
            AclTable.@Nullable Entry acl,
            StatPersisted stat) {
        Znode znode = new Znode(parent, path.name(), path.hashCode(), data, acl, stat);
        znode.captured = captures;
        index.add(znode);
        parent.addChild(znode);
        digest += Digest.summand(redigest(path, znode));
        approximateDataSize += path.length() + znode.dataLength();
        long session = Owner.session(znode.owner(), extendedTypes);
        if (session != 0) {
            Set<Path> mine = ephemerals.get(session);
            if (mine == null) {
                mine = new LinkedHashSet<>();
                ephemerals.put(session, mine);
            }
            mine.add(path);
            ephemeralCount++;
        } else if (znode.owner() != Owner.NONE) {
            mortals.add(path);
        }
        return znode;
    }

    private int redigest(Path path, Znode znode) {
        znode.digest = digests.of(path, znode.data(), znode);
        return znode.digest;
    }

    private void changed(Path path, Znode znode) {
        digest -= Digest.summand(znode.digest);
        digest += Digest.summand(redigest(path, znode));
    }

    /** The znode at {@code path}, or null. */
    public @Nullable Znode find(Path path) {
        return path.isRoot() ? root : index.find(path);
    }

    /** What a client is told of {@code znode}. */
    public Stat stat(Znode znode) {
        return znode.stat(extendedTypes);
    }

    /**
     * Creates a znode.
     *
     * @param created the parent's creation counter afterwards; -1 for one more than now
     * @param stat that of the new znode
     * @return the znode, or null if it is there already or its parent is not
     */
    public @Nullable Znode create(
            Path path, @Nullable Bytes data, List<Acl> acl, int created, StatPersisted stat) {
        Path parentPath = path.parent();
        Znode parent = parentPath == null ? null : find(parentPath);
        if (parent == null || parentPath == null) {
            return null;
        }
        preserve(parent);
        Znode existing = find(path);
        int counter = created == -1 ? parent.created() + 1 : created;
        if (counter > parent.created()) {
            parent.setCreated(counter);
            parent.setPzxid(stat.czxid());
        }
        changed(parentPath, parent);
        if (existing != null) {
            replaceAcl(existing, acl);
            return null;
        }
        Znode znode = add(parent, path, data, acls.use(acl), stat);
        quotas.onCreated(path, znode);
        tell(WatchEvent.Type.CREATED, path, stat.czxid(), znode.acl());
        tell(WatchEvent.Type.CHILDREN_CHANGED, parentPath, stat.czxid(), parent.acl());
        return znode;
    }

    /**
     * Deletes the znode at {@code path}; false if there is none.
     *
     * <p>Only over a snapshot that is newer than its name says can it be gone already, or have
     * children, which go with it. Its parent may have been written before it went, and so hears of
     * the transaction in either case.
     */
    public boolean delete(Path path, long zxid) {
        Path parentPath = path.parent();
        Znode parent = parentPath == null ? null : find(parentPath);
        if (parent == null || parentPath == null || path.isRoot()) {
            return false;
        }
        preserve(parent);
        if (zxid > parent.pzxid()) {
            parent.setPzxid(zxid);
        }
        Znode znode = find(path);
        if (znode == null) {
            changed(parentPath, parent);
            return false;
        }
        deleteBelow(znode, zxid);
        preserve(znode);
        if (capture != null) {
            capture.leaving(znode);
        }
        index.remove(znode);
        parent.removeChild(znode);
        digest -= Digest.summand(znode.digest);
        approximateDataSize -= path.length() + znode.dataLength();
        List<Acl> acl = znode.acl();
        acls.release(znode.aclEntry());
        forget(path, znode);
        changed(parentPath, parent);
        quotas.onDeleted(path, znode);
        tell(WatchEvent.Type.DELETED, path, zxid, acl);
        tell(WatchEvent.Type.CHILDREN_CHANGED, parentPath, zxid, parent.acl());
        return true;
    }

    private void deleteBelow(Znode znode, long zxid) {
        Znode leaf = znode.firstChild();
        while (leaf != null) {
            for (Znode child = leaf.firstChild(); child != null; child = leaf.firstChild()) {
                leaf = child;
            }
            delete(leaf.path(), zxid);
            leaf = znode.firstChild();
        }
    }

    private void forget(Path path, Znode znode) {
        long session = Owner.session(znode.owner(), extendedTypes);
        Set<Path> mine = session == 0 ? null : ephemerals.get(session);
        if (mine != null) {
            if (mine.remove(path)) {
                ephemeralCount--;
            }
            if (mine.isEmpty()) {
                ephemerals.remove(session);
            }
        } else if (znode.owner() != Owner.NONE) {
            mortals.remove(path);
        }
    }

    /** Sets the data; the znode, or null if there is none. */
    public @Nullable Znode setData(
            Path path, @Nullable Bytes data, int version, long zxid, long timeMillis) {
        Znode znode = find(path);
        if (znode == null) {
            return null;
        }
        preserve(znode);
        int growthBytes = replaceData(znode, data);
        znode.version = version;
        znode.mzxid = zxid;
        znode.mtimeMillis = timeMillis;
        changed(path, znode);
        quotas.onDataSet(path, growthBytes);
        tell(WatchEvent.Type.DATA_CHANGED, path, zxid, znode.acl());
        return znode;
    }

    private int replaceData(Znode znode, @Nullable Bytes data) {
        int before = znode.dataLength();
        znode.setData(data);
        int growthBytes = znode.dataLength() - before;
        approximateDataSize += growthBytes;
        return growthBytes;
    }

    /** Sets the data of a znode that is in no digest, without a trace of when. */
    void rewrite(Znode znode, Bytes data) {
        preserve(znode);
        replaceData(znode, data);
    }

    /** Sets the access list; the znode, or null if there is none. */
    public @Nullable Znode setAcl(Path path, List<Acl> acl, int version) {
        Znode znode = find(path);
        if (znode == null) {
            return null;
        }
        preserve(znode);
        replaceAcl(znode, acl);
        znode.aversion = version;
        changed(path, znode);
        return znode;
    }

    private void replaceAcl(Znode znode, List<Acl> acl) {
        preserve(znode);
        AclTable.Entry before = znode.aclEntry();
        znode.setAcl(acls.use(acl));
        acls.release(before);
    }

    private void tell(WatchEvent.Type type, Path path, long zxid, List<Acl> acl) {
        listener.onChange(new WatchEvent(type, path, zxid), acl);
    }

    void tell(OverQuota excess) {
        listener.onOverQuota(excess);
    }

    /** The quotas. */
    public Quotas quotas() {
        return quotas;
    }

    /** The ephemerals of a session, in the order of their creation on this server. */
    public List<Path> ephemeralsOf(long session) {
        Set<Path> mine = ephemerals.get(session);
        return mine == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(mine));
    }

    /** Every session that owns an ephemeral, ascending. */
    public long[] ephemeralOwners() {
        return ephemerals.sortedKeys();
    }

    /** Containers and znodes with a time to live. */
    public List<Path> mortals() {
        return Collections.unmodifiableList(new ArrayList<>(mortals));
    }

    /** The number of znodes below {@code znode}. */
    public int descendants(Znode znode) {
        if (znode.parent == null) {
            return index.size();
        }
        int count = 0;
        Znode at = Capture.next(znode, znode);
        while (at != null) {
            count++;
            at = Capture.next(at, znode);
        }
        return count;
    }

    /** ZooKeeper's node count, in which the root counts twice. */
    public int nodeCount() {
        return index.size() + 2;
    }

    /** How many znodes are ephemeral. */
    public int ephemeralCount() {
        return ephemeralCount;
    }

    /** The bytes of all paths and data. */
    public long approximateDataSize() {
        return approximateDataSize;
    }

    /** The digest of the whole tree. */
    public long digest() {
        return digest;
    }

    /** Every access list in use. */
    public List<SnapshotHead.AclEntry> acls() {
        return acls.all();
    }

    /**
     * Begins to capture the tree as it is now. Changes may go on: each first hands the sink what it
     * is about to change.
     */
    public Capture capture(Capture.Sink sink) {
        if (capture != null) {
            capture.abandon();
        }
        Capture begun = new Capture(root, ++captures, sink);
        capture = begun;
        return begun;
    }

    /** Whether a capture goes on. */
    public boolean isBeingCaptured() {
        return capture != null && !capture.isDone();
    }

    private void preserve(Znode znode) {
        if (capture != null) {
            capture.preserve(znode);
            if (capture.isDone()) {
                capture = null;
            }
        }
    }
}
