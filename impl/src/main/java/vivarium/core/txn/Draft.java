package vivarium.core.txn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.PersistedStat;
import vivarium.core.tree.Znode;

/**
 * A znode as it will be when all that is outstanding has been committed; or the knowledge that
 * there will be none.
 */
final class Draft implements PersistedStat {
    final Path path;
    boolean exists;
    @Nullable Bytes data;
    List<Acl> acl;
    long czxid;
    long mzxid;
    long ctimeMillis;
    long mtimeMillis;
    int version;
    int created;
    int aversion;
    long owner;
    long pzxid;
    int childCount;

    /** This znode's share of the digest that the tree will have. */
    int digest;

    /** Whether the trial that goes on has made it, and may change it. */
    boolean onTrial;

    /** While it is on trial: what it takes the place of, null for the tree's own znode. */
    @Nullable Draft before;

    /** There is nothing at {@code path}. */
    Draft(Path path) {
        this.path = path;
        this.acl = List.of();
    }

    /** The znode of the tree, which nothing outstanding has touched. */
    Draft(Path path, Znode znode, int digest) {
        this.path = path;
        this.exists = true;
        this.data = znode.data();
        this.acl = znode.acl();
        this.childCount = znode.childCount();
        this.digest = digest;
        set(znode);
    }

    /** A copy to try a change on. */
    Draft(Draft other) {
        this.path = other.path;
        this.exists = other.exists;
        this.data = other.data;
        this.acl = other.acl;
        this.childCount = other.childCount;
        this.digest = other.digest;
        this.czxid = other.czxid;
        this.mzxid = other.mzxid;
        this.ctimeMillis = other.ctimeMillis;
        this.mtimeMillis = other.mtimeMillis;
        this.version = other.version;
        this.created = other.created;
        this.aversion = other.aversion;
        this.owner = other.owner;
        this.pzxid = other.pzxid;
    }

    void set(PersistedStat stat) {
        czxid = stat.czxid();
        mzxid = stat.mzxid();
        ctimeMillis = stat.ctimeMillis();
        mtimeMillis = stat.mtimeMillis();
        version = stat.version();
        created = stat.cversion();
        aversion = stat.aversion();
        owner = stat.ephemeralOwner();
        pzxid = stat.pzxid();
    }

    @Override
    public long czxid() {
        return czxid;
    }

    @Override
    public long mzxid() {
        return mzxid;
    }

    @Override
    public long ctimeMillis() {
        return ctimeMillis;
    }

    @Override
    public long mtimeMillis() {
        return mtimeMillis;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public int cversion() {
        return created;
    }

    @Override
    public int aversion() {
        return aversion;
    }

    @Override
    public long ephemeralOwner() {
        return owner;
    }

    @Override
    public long pzxid() {
        return pzxid;
    }
}
