package vivarium.properties.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;

/**
 * ZooKeeper's znodes written down a second time, as plainly as can be: a map from path to znode,
 * copied whole before each request and put back if it fails. Access lists are taken as they are.
 */
final class DumbTree {
    private static final List<String> SYSTEM =
            List.of("/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config");

    SortedMap<String, Dumb> znodes = new TreeMap<>();
    private List<WatchEvent> events = new ArrayList<>();

    /** What a request comes to. */
    record Expected(Outcome outcome, List<WatchEvent> events) {}

    /** A request is refused. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        final ErrorCode error;

        Refused(ErrorCode error) {
            this.error = error;
        }
    }

    /** One znode. */
    static final class Dumb implements Cloneable {
        final String path;
        @Nullable Bytes data = Bytes.EMPTY;
        List<Acl> acl = World.OPEN;
        long czxid;
        long mzxid;
        long pzxid;
        long ctimeMillis;
        long mtimeMillis;
        int version;
        int aversion;
        int created;
        long session;
        boolean container;
        long ttlMillis;

        Dumb(String path) {
            this.path = path;
        }

        @Override
        public Dumb clone() {
            try {
                return (Dumb) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        Stat stat(DumbTree tree) {
            int children = tree.childrenOf(path).size();
            return new Stat(
                    czxid,
                    mzxid,
                    ctimeMillis,
                    mtimeMillis,
                    version,
                    created + (created - children),
                    aversion,
                    session,
                    data == null ? 0 : data.length(),
                    children,
                    pzxid);
        }
    }

    DumbTree() {
        for (String path : SYSTEM) {
            znodes.put(path, new Dumb(path));
        }
        Dumb config = znode("/zookeeper/config");
        config.acl = List.of(new Acl(Acl.READ, "world", "anyone"));
        config.aversion = -1;
    }

    private Dumb znode(String path) {
        Dumb znode = znodes.get(path);
        if (znode == null) {
            throw new AssertionError("no znode " + path);
        }
        return znode;
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    SortedSet<String> childrenOf(String path) {
        TreeSet<String> names = new TreeSet<>();
        for (String other : znodes.keySet()) {
            if (!other.equals("/") && parentOf(other).equals(path)) {
                names.add(other.substring(other.lastIndexOf('/') + 1));
            }
        }
        return names;
    }

    SortedSet<Path> ephemeralsOf(long session) {
        TreeSet<Path> mine = new TreeSet<>();
        for (Dumb znode : znodes.values()) {
            if (znode.session == session) {
                mine.add(Path.of(znode.path));
            }
        }
        return mine;
    }

    /** Does what is asked, or nothing. */
    Expected does(long session, List<Identity> who, long zxid, long millis, Operation.Write write) {
        SortedMap<String, Dumb> before = new TreeMap<>();
        znodes.forEach((path, znode) -> before.put(path, znode.clone()));
        events = new ArrayList<>();
        Asks asks = new Asks(session, who, zxid, millis);
        try {
            if (write instanceof Operation.Multi multi) {
                return multi(asks, multi, before);
            }
            Outcome outcome =
                    switch (write) {
                        case Operation.Part part -> asks.part(part);
                        case Operation.SetAcl set -> asks.setAcl(set);
                        case Operation.DeleteContainer delete -> asks.deleteContainer(delete);
                        default -> asks.closeSession();
                    };
            return new Expected(outcome, events);
        } catch (Refused refused) {
            znodes = before;
            return new Expected(new Outcome.Failed(refused.error), List.of());
        }
    }

    private Expected multi(Asks asks, Operation.Multi multi, SortedMap<String, Dumb> before) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Operation.Part part : multi.parts()) {
            try {
                outcomes.add(asks.part(part));
            } catch (Refused refused) {
                znodes = before;
                int failing = outcomes.size();
                outcomes.clear();
                for (int i = 0; i < multi.parts().size(); i++) {
                    ErrorCode error = i < failing ? ErrorCode.OK : refused.error;
                    error = i > failing ? ErrorCode.RUNTIME_INCONSISTENCY : error;
                    outcomes.add(new Outcome.Failed(error));
                }
                return new Expected(new Outcome.MultiOutcome(outcomes), List.of());
            }
        }
        return new Expected(new Outcome.MultiOutcome(outcomes), events);
    }

    /** One request: who asks, and when. */
    private final class Asks {
        private final long session;
        private final List<Identity> who;
        private final long zxid;
        private final long millis;

        Asks(long session, List<Identity> who, long zxid, long millis) {
            this.session = session;
            this.who = who;
            this.zxid = zxid;
            this.millis = millis;
        }

        private void tell(WatchEvent.Type type, String path) {
            events.add(new WatchEvent(type, Path.of(path), zxid));
        }

        private void demand(boolean holds, ErrorCode otherwise) throws Refused {
            if (!holds) {
                throw new Refused(otherwise);
            }
        }

        private Dumb existing(String path) throws Refused {
            demand(znodes.containsKey(path), ErrorCode.NO_NODE);
            return znode(path);
        }

        private void mayDo(Dumb znode, int right) throws Refused {
            boolean may = false;
            for (Acl entry : znode.acl) {
                boolean mine =
                        entry.scheme().equals("world")
                                || who.contains(new Identity(entry.scheme(), entry.id()));
                may |= mine && (entry.perms() & right) == right;
            }
            demand(may, ErrorCode.NO_AUTH);
        }

        private void isVersion(int wanted, int found) throws Refused {
            demand(wanted == -1 || wanted == found, ErrorCode.BAD_VERSION);
        }

        Outcome part(Operation.Part part) throws Refused {
            return switch (part) {
                case Operation.Create create -> create(create);
                case Operation.Delete delete -> delete(delete);
                case Operation.SetData set -> setData(set);
                case Operation.CheckVersion check -> {
                    Dumb znode = existing(check.path().toString());
                    mayDo(znode, Acl.READ);
                    isVersion(check.version(), znode.version);
                    yield Outcome.Checked.CHECKED;
                }
            };
        }

        private Outcome create(Operation.Create create) throws Refused {
            String asked = create.path().toString();
            Dumb parent = existing(parentOf(asked));
            mayDo(parent, Acl.CREATE);
            boolean sequential = List.of(2, 3, 6).contains(create.flags());
            String path = sequential ? asked + String.format("%010d", parent.created) : asked;
            demand(!znodes.containsKey(path), ErrorCode.NODE_EXISTS);
            demand(parent.session == 0, ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
            Dumb znode = new Dumb(path);
            znode.data = create.data();
            znode.acl = create.acl() == null ? List.of() : create.acl();
            znode.czxid = zxid;
            znode.mzxid = zxid;
            znode.pzxid = zxid;
            znode.ctimeMillis = millis;
            znode.mtimeMillis = millis;
            znode.session = create.flags() == 1 || create.flags() == 3 ? session : 0;
            znode.container = create.flags() == 4;
            znode.ttlMillis = Math.max(0, create.ttlMillis());
            znodes.put(path, znode);
            parent.created++;
            parent.pzxid = zxid;
            tell(WatchEvent.Type.CREATED, path);
            tell(WatchEvent.Type.CHILDREN_CHANGED, parent.path);
            return new Outcome.Created(create.kind(), Path.of(path), znode.stat(DumbTree.this));
        }

        private void remove(String path) {
            znodes.remove(path);
            Dumb parent = znode(parentOf(path));
            parent.pzxid = zxid;
            tell(WatchEvent.Type.DELETED, path);
            tell(WatchEvent.Type.CHILDREN_CHANGED, parent.path);
        }

        private Outcome delete(Operation.Delete delete) throws Refused {
            String path = delete.path().toString();
            demand(!SYSTEM.contains(path), ErrorCode.BAD_ARGUMENTS);
            mayDo(existing(parentOf(path)), Acl.DELETE);
            isVersion(delete.version(), existing(path).version);
            demand(childrenOf(path).isEmpty(), ErrorCode.NOT_EMPTY);
            remove(path);
            return Outcome.Done.DONE;
        }

        private Outcome setData(Operation.SetData set) throws Refused {
            Dumb znode = existing(set.path().toString());
            mayDo(znode, Acl.WRITE);
            isVersion(set.version(), znode.version);
            znode.data = set.data();
            znode.version++;
            znode.mzxid = zxid;
            znode.mtimeMillis = millis;
            tell(WatchEvent.Type.DATA_CHANGED, znode.path);
            return new Outcome.StatOf(znode.stat(DumbTree.this));
        }

        Outcome setAcl(Operation.SetAcl set) throws Refused {
            Dumb znode = existing(set.path().toString());
            mayDo(znode, Acl.ADMIN);
            isVersion(set.version(), znode.aversion);
            znode.acl = set.acl() == null ? List.of() : set.acl();
            znode.aversion++;
            return new Outcome.StatOf(znode.stat(DumbTree.this));
        }

        Outcome deleteContainer(Operation.DeleteContainer delete) throws Refused {
            Dumb znode = existing(delete.path().toString());
            demand(
                    childrenOf(znode.path).isEmpty() && !znode.path.equals("/"),
                    ErrorCode.NOT_EMPTY);
            boolean emptied = znode.container && znode.created > 0;
            boolean outlived = znode.ttlMillis > 0 && millis - znode.mtimeMillis > znode.ttlMillis;
            demand(emptied || outlived, ErrorCode.BAD_VERSION);
            remove(znode.path);
            return Outcome.Done.DONE;
        }

        Outcome closeSession() {
            ephemeralsOf(session).forEach(path -> remove(path.toString()));
            return Outcome.Done.DONE;
        }
    }
}
