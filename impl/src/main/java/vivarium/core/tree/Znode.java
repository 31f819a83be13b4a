package vivarium.core.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * A znode in the tree. Others may read it within the step that they found it in; only {@link
 * DataTree} changes it.
 *
 * <p>There may be millions, so it is laid out to be small: name and data share one array, and what
 * only few need is a separate object that the others do without.
 */
public final class Znode implements PersistedStat {
    final @Nullable Znode parent;
    private final int nameLength;

    /** Hash of the whole path, so that the index can grow without the paths. */
    final int hash;

    /** The name and then the data. It is replaced, never written into: snapshots refer to it. */
    private byte[] body;

    private boolean withoutData;
    private AclTable.@Nullable Entry acl;
    private @Nullable Rest rest;
    @Nullable Znode nextSibling;
    private @Nullable Znode previousSibling;

    final long czxid;
    final long ctimeMillis;
    long mzxid;
    long mtimeMillis;
    int version;
    int aversion;

    /** This znode's share of the tree's digest. */
    int digest;

    /** The last snapshot that has it, or need not have it. */
    short captured;

    /** What only a znode has that has had children or has an owner. */
    private static final class Rest {
        private long owner;
        private @Nullable Znode first;
        private int count;
        private int created;
        private long pzxid;
    }

    Znode(
            @Nullable Znode parent,
            Bytes name,
            int hash,
            @Nullable Bytes data,
            AclTable.@Nullable Entry acl,
            StatPersisted stat) {
        this.parent = parent;
        this.nameLength = name.length();
        this.hash = hash;
        this.body = new byte[nameLength + (data == null ? 0 : data.length())];
        name.copyTo(body, 0);
        if (data != null) {
            data.copyTo(body, nameLength);
        }
        this.withoutData = data == null;
        this.acl = acl;
        this.czxid = stat.czxid();
        this.ctimeMillis = stat.ctimeMillis();
        this.mzxid = stat.mzxid();
        this.mtimeMillis = stat.mtimeMillis();
        this.version = stat.version();
        this.aversion = stat.aversion();
        if (stat.ephemeralOwner() != Owner.NONE) {
            rest().owner = stat.ephemeralOwner();
        }
        if (stat.cversion() != 0 || stat.pzxid() != stat.czxid()) {
            setCreated(stat.cversion());
            setPzxid(stat.pzxid());
        }
    }

    /** The data; null is not the same as empty. */
    public @Nullable Bytes data() {
        return withoutData ? null : Bytes.wrap(body, nameLength, body.length - nameLength);
    }

    /** The length of the data, 0 where there is none. */
    public int dataLength() {
        return body.length - nameLength;
    }

    void setData(@Nullable Bytes data) {
        byte[] changed = new byte[nameLength + (data == null ? 0 : data.length())];
        System.arraycopy(body, 0, changed, 0, nameLength);
        if (data != null) {
            data.copyTo(changed, nameLength);
        }
        body = changed;
        withoutData = data == null;
    }

    /** The access list. */
    public List<Acl> acl() {
        AclTable.Entry entry = acl;
        return entry == null ? AclTable.OPEN : entry.acl;
    }

    AclTable.@Nullable Entry aclEntry() {
        return acl;
    }

    void setAcl(AclTable.@Nullable Entry entry) {
        this.acl = entry;
    }

    /** The id of the access list in a snapshot, -1 for the open one. */
    long aclId() {
        AclTable.Entry entry = acl;
        return entry == null ? -1 : entry.id;
    }

    /** What kind of znode it is: see {@link Owner}. */
    public long owner() {
        Rest mine = rest;
        return mine == null ? Owner.NONE : mine.owner;
    }

    /** This znode's share of the tree's digest. */
    public int digest() {
        return digest;
    }

    @Override
    public long czxid() {
        return czxid;
    }

    @Override
    public long ctimeMillis() {
        return ctimeMillis;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public int cversion() {
        return created();
    }

    @Override
    public int aversion() {
        return aversion;
    }

    @Override
    public long ephemeralOwner() {
        return owner();
    }

    /** The last transaction that set its data. */
    @Override
    public long mzxid() {
        return mzxid;
    }

    /** When its data was last set, by the leader's wall clock. */
    @Override
    public long mtimeMillis() {
        return mtimeMillis;
    }

    /** How many children it has. */
    public int childCount() {
        Rest mine = rest;
        return mine == null ? 0 : mine.count;
    }

    /** How many children were ever created below it: the number of the next sequential one. */
    public int created() {
        Rest mine = rest;
        return mine == null ? 0 : mine.created;
    }

    void setCreated(int created) {
        rest().created = created;
    }

    /** The last transaction that created or deleted a child. */
    @Override
    public long pzxid() {
        Rest mine = rest;
        return mine == null ? czxid : mine.pzxid;
    }

    void setPzxid(long pzxid) {
        rest().pzxid = pzxid;
    }

    private Rest rest() {
        Rest mine = rest;
        if (mine == null) {
            mine = new Rest();
            mine.pzxid = czxid;
            rest = mine;
        }
        return mine;
    }

    @Nullable Znode firstChild() {
        Rest mine = rest;
        return mine == null ? null : mine.first;
    }

    void addChild(Znode child) {
        Rest mine = rest();
        Znode first = mine.first;
        child.nextSibling = first;
        if (first != null) {
            first.previousSibling = child;
        }
        mine.first = child;
        mine.count++;
    }

    void removeChild(Znode child) {
        Rest mine = rest();
        Znode next = child.nextSibling;
        Znode previous = child.previousSibling;
        if (previous == null) {
            mine.first = next;
        } else {
            previous.nextSibling = next;
        }
        if (next != null) {
            next.previousSibling = previous;
        }
        mine.count--;
    }

    /** The names of the children, in no particular order. */
    public List<Bytes> childNames() {
        List<Bytes> names = new ArrayList<>(childCount());
        for (Znode child = firstChild(); child != null; child = child.nextSibling) {
            names.add(child.name());
        }
        return names;
    }

    int nameLength() {
        return nameLength;
    }

    /** The last part of the path. */
    Bytes name() {
        return Bytes.wrap(body, 0, nameLength);
    }

    /** Whether this is the znode at {@code path}, judged from its end up to the root. */
    boolean isAt(Path path) {
        Znode at = this;
        int end = path.length();
        while (at.parent != null) {
            int start = end - at.nameLength;
            if (start < 1
                    || path.at(start - 1) != '/'
                    || !path.regionIs(start, end, at.body, at.nameLength)) {
                return false;
            }
            end = start - 1;
            at = at.parent;
        }
        return end == 0;
    }

    /** The whole path, put together from the names. */
    Path path() {
        int length = 0;
        for (Znode at = this; at.parent != null; at = at.parent) {
            length += 1 + at.nameLength;
        }
        if (length == 0) {
            return Path.ROOT;
        }
        byte[] joined = new byte[length];
        int end = length;
        for (Znode at = this; at.parent != null; at = at.parent) {
            end -= at.nameLength;
            System.arraycopy(at.body, 0, joined, end, at.nameLength);
            joined[--end] = '/';
        }
        return Path.wrap(joined);
    }

    /** What a client is told. */
    public Stat stat(boolean extendedTypes) {
        return new Stat(
                czxid,
                mzxid,
                ctimeMillis,
                mtimeMillis,
                version,
                created() * 2 - childCount(),
                aversion,
                Owner.session(owner(), extendedTypes),
                dataLength(),
                childCount(),
                pzxid());
    }

    /** What a snapshot keeps. */
    public StatPersisted persisted() {
        return new StatPersisted(
                czxid,
                mzxid,
                ctimeMillis,
                mtimeMillis,
                version,
                created(),
                aversion,
                owner(),
                pzxid());
    }
}
