package vivarium.core.session;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.tree.Acl;
import vivarium.core.tree.AclRules;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;
import vivarium.core.tree.Znode;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.core.watch.WatchMode;
import vivarium.core.watch.Watches;

/** Answers what this server can answer from its own tree, and leaves the watches asked for. */
final class Reads {
    private static final Outcome NO_NODE = new Outcome.Failed(ErrorCode.NO_NODE);
    private static final Outcome NO_AUTH = new Outcome.Failed(ErrorCode.NO_AUTH);

    private final DataTree tree;
    private final Watches watches;
    private final boolean skipAcl;
    private final AclRules acls;
    private final Bytes members;
    private final Watches.Delivery late;

    /**
     * @param late takes the events that a client has missed while it was away
     */
    Reads(Replica replica, Watches watches, Settings settings, Watches.Delivery late) {
        this.tree = replica.tree();
        this.watches = watches;
        this.skipAcl = settings.skipAcl();
        this.acls = new AclRules(settings.schemes());
        this.members = settings.ensemble().text();
        this.late = late;
    }

    Outcome answer(Connection connection, Operation.Read read) {
        return switch (read) {
            case Operation.GetData get -> getData(connection, get);
            case Operation.Exists exists -> exists(connection, exists);
            case Operation.GetChildren get -> getChildren(connection, get);
            case Operation.GetAcl get -> getAcl(connection, get);
            case Operation.Ping _ -> Outcome.Done.DONE;
            case Operation.SetWatches set -> setWatches(connection, set);
            case Operation.MultiRead multi -> multiRead(connection, multi);
            case Operation.GetEphemerals get -> getEphemerals(connection, get);
            case Operation.GetAllChildrenNumber get -> getAllChildrenNumber(connection, get);
            case Operation.WhoAmI _ -> new Outcome.Who(named(connection.identities));
            case Operation.AddWatch add -> addWatch(connection, add);
            case Operation.CheckWatches check -> checkWatches(connection, check);
            case Operation.RemoveWatches remove -> removeWatches(connection, remove);
            case Operation.MalformedRead _ -> new Outcome.Failed(ErrorCode.MARSHALLING_ERROR);
            case Operation.Throttled _ -> new Outcome.Failed(ErrorCode.THROTTLED);
            case Operation.Unknown _ -> new Outcome.Failed(ErrorCode.UNIMPLEMENTED);
        };
    }

    /** Whether the client of {@code connection} may read the znode at a path, by its list. */
    boolean shows(Connection connection, Path path, List<Acl> acl) {
        return skipAcl || acls.permits(acl, path, Acl.READ, connection.identities);
    }

    private boolean mayNot(Connection connection, Znode znode, Path path, int perm) {
        return !skipAcl && !acls.permits(znode.acl(), path, perm, connection.identities);
    }

    private Outcome getData(Connection connection, Operation.GetData get) {
        Znode znode = tree.find(get.path());
        if (znode == null) {
            return NO_NODE;
        }
        if (mayNot(connection, znode, get.path(), Acl.READ)) {
            return NO_AUTH;
        }
        watch(connection, get.path(), get.watch(), WatchMode.DATA);
        return showsMembers(get.path(), znode)
                ? new Outcome.Data(members, statOfMembers(znode))
                : new Outcome.Data(znode.data(), tree.stat(znode));
    }

    /**
     * Each server shows its own list of members, which is no part of the agreed state, as long as
     * none was ever agreed on.
     */
    private boolean showsMembers(Path path, Znode znode) {
        return znode.mzxid() == 0 && members.length() > 0 && path.equals(DataTree.CONFIG);
    }

    private Stat statOfMembers(Znode znode) {
        return tree.stat(znode).ofMembers(members.length());
    }

    /** The one read that leaves its watch even where there is no znode yet. */
    private Outcome exists(Connection connection, Operation.Exists exists) {
        if (exists.path().hasNul()) {
            return new Outcome.Failed(ErrorCode.BAD_ARGUMENTS);
        }
        Znode znode = tree.find(exists.path());
        if (znode != null && mayNot(connection, znode, exists.path(), Acl.READ)) {
            return NO_AUTH;
        }
        watch(connection, exists.path(), exists.watch(), WatchMode.DATA);
        if (znode == null) {
            return NO_NODE;
        }
        return new Outcome.StatOf(
                showsMembers(exists.path(), znode) ? statOfMembers(znode) : tree.stat(znode));
    }

    private Outcome getChildren(Connection connection, Operation.GetChildren get) {
        Znode znode = tree.find(get.path());
        if (znode == null) {
            return NO_NODE;
        }
        if (mayNot(connection, znode, get.path(), Acl.READ)) {
            return NO_AUTH;
        }
        watch(connection, get.path(), get.watch(), WatchMode.CHILD);
        return new Outcome.Children(znode.childNames(), get.withStat() ? tree.stat(znode) : null);
    }

    private void watch(Connection connection, Path path, boolean wanted, int mode) {
        if (wanted) {
            watches.add(connection.id, path, mode);
        }
    }

    /** Hashes of passwords are for administrators: others see whose they are, not what they are. */
    private Outcome getAcl(Connection connection, Operation.GetAcl get) {
        Znode znode = tree.find(get.path());
        if (znode == null) {
            return NO_NODE;
        }
        if (mayNot(connection, znode, get.path(), Acl.READ | Acl.ADMIN)) {
            return NO_AUTH;
        }
        List<Acl> acl = znode.acl();
        if (!acls.permits(acl, get.path(), Acl.ADMIN, connection.identities)) {
            acl = masked(acl);
        }
        return new Outcome.AclOf(acl, tree.stat(znode));
    }

    private static List<Acl> masked(List<Acl> acl) {
        List<Acl> masked = new ArrayList<>(acl.size());
        for (Acl entry : acl) {
            int colon = entry.id().indexOf(':');
            masked.add(
                    entry.scheme().equals("digest") && colon >= 0
                            ? new Acl(
                                    entry.perms(),
                                    entry.scheme(),
                                    entry.id().substring(0, colon) + ":x")
                            : entry);
        }
        return masked;
    }

    private Outcome multiRead(Connection connection, Operation.MultiRead multi) {
        List<Outcome> outcomes = new ArrayList<>(multi.parts().size());
        for (Operation.Read part : multi.parts()) {
            outcomes.add(answer(connection, part));
        }
        return new Outcome.MultiOutcome(outcomes);
    }

    private Outcome getEphemerals(Connection connection, Operation.GetEphemerals get) {
        String prefix = get.prefix().toString();
        List<Path> mine = new ArrayList<>();
        for (Path path : tree.ephemeralsOf(connection.sessionId)) {
            if (path.toString().startsWith(prefix)) {
                mine.add(path);
            }
        }
        return new Outcome.Ephemerals(mine);
    }

    private Outcome getAllChildrenNumber(
            Connection connection, Operation.GetAllChildrenNumber get) {
        Znode znode = tree.find(get.path());
        if (znode == null) {
            return NO_NODE;
        }
        if (mayNot(connection, znode, get.path(), Acl.READ)) {
            return NO_AUTH;
        }
        // Apache's server goes by the names that begin with the path and a slash, which the root's
        // own does if it is called by the empty path.
        int itself = get.path().length() == 0 ? 1 : 0;
        return new Outcome.Count(tree.descendants(znode) + itself);
    }

    /** Of a user with a password, the name without its hash. */
    private static List<Identity> named(List<Identity> identities) {
        List<Identity> named = new ArrayList<>(identities.size());
        for (Identity identity : identities) {
            int colon = identity.scheme().equals("digest") ? identity.id().indexOf(':') : -1;
            named.add(
                    colon < 0
                            ? identity
                            : new Identity(identity.scheme(), identity.id().substring(0, colon)));
        }
        return named;
    }

    private Outcome addWatch(Connection connection, Operation.AddWatch add) {
        int mode =
                switch (add.mode()) {
                    case 0 -> WatchMode.PERSISTENT;
                    case 1 -> WatchMode.RECURSIVE;
                    default -> 0;
                };
        if (mode == 0) {
            return new Outcome.Failed(ErrorCode.MARSHALLING_ERROR);
        }
        watches.add(connection.id, add.path(), mode);
        return new Outcome.WatchAdded();
    }

    private Outcome checkWatches(Connection connection, Operation.CheckWatches check) {
        int modes = modesOf(check.type());
        if (modes == 0) {
            return new Outcome.Failed(ErrorCode.MARSHALLING_ERROR);
        }
        return (watches.modes(connection.id, check.path()) & modes) == 0
                ? new Outcome.Failed(ErrorCode.NO_WATCHER)
                : Outcome.Done.DONE;
    }

    private Outcome removeWatches(Connection connection, Operation.RemoveWatches remove) {
        int modes = modesOf(remove.type());
        if (modes == 0) {
            return new Outcome.Failed(ErrorCode.MARSHALLING_ERROR);
        }
        return (watches.remove(connection.id, remove.path(), modes) & modes) == 0
                ? new Outcome.Failed(ErrorCode.NO_WATCHER)
                : Outcome.Done.DONE;
    }

    private static int modesOf(int type) {
        return switch (type) {
            case 1 -> WatchMode.CHILD;
            case 2 -> WatchMode.DATA;
            case 3 -> WatchMode.CHILD | WatchMode.DATA | WatchMode.PERSISTENT | WatchMode.RECURSIVE;
            case 4 -> WatchMode.PERSISTENT;
            case 5 -> WatchMode.RECURSIVE;
            default -> 0;
        };
    }

    /** What has happened since the client's last connection is told now; the rest is watched. */
    private Outcome setWatches(Connection connection, Operation.SetWatches set) {
        long seen = set.relativeZxid();
        for (Path path : set.data()) {
            Znode znode = tree.find(path);
            if (znode == null) {
                tellLate(connection, WatchEvent.Type.DELETED, path);
            } else if (znode.mzxid() > seen) {
                tellLate(connection, WatchEvent.Type.DATA_CHANGED, path);
            } else {
                watches.add(connection.id, path, WatchMode.DATA);
            }
        }
        for (Path path : set.exist()) {
            if (tree.find(path) != null) {
                tellLate(connection, WatchEvent.Type.CREATED, path);
            } else {
                watches.add(connection.id, path, WatchMode.DATA);
            }
        }
        for (Path path : set.child()) {
            Znode znode = tree.find(path);
            if (znode == null) {
                tellLate(connection, WatchEvent.Type.DELETED, path);
            } else if (znode.pzxid() > seen) {
                tellLate(connection, WatchEvent.Type.CHILDREN_CHANGED, path);
            } else {
                watches.add(connection.id, path, WatchMode.CHILD);
            }
        }
        for (Path path : set.persistent()) {
            watches.add(connection.id, path, WatchMode.PERSISTENT);
        }
        for (Path path : set.persistentRecursive()) {
            watches.add(connection.id, path, WatchMode.RECURSIVE);
        }
        return Outcome.Done.DONE;
    }

    /**
     * No access list is asked, as at Apache's: the znode may be gone, and the client had its watch.
     */
    private void tellLate(Connection connection, WatchEvent.Type type, Path path) {
        WatchEvent event = new WatchEvent(type, path, WatchEvent.UNKNOWN_ZXID);
        late.deliver(connection.id, event, List.of());
    }
}
