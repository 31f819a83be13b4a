package vivarium.properties.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import vivarium.core.Bytes;
import vivarium.core.Ensemble;
import vivarium.core.Replica;
import vivarium.core.Zxid;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;
import vivarium.core.tree.Znode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/**
 * A leader's tree, and what it makes of requests before they are committed, which the module
 * ReplayTree leads.
 */
final class TreeRig implements Actors {
    private static final int EPOCH = 1;
    private static final long SESSION = 7;
    private static final int SEQUENTIAL = 100;

    /** What a request asks for is a number, which may not exist. */
    private static final int PERSISTENT = 0;

    private static final int EPHEMERAL = 1;
    private static final int EPHEMERAL_SEQUENTIAL = 3;

    private static final Path A = Path.of("/1");
    private static final Path AB = Path.of("/1/2");

    /** The core's own, of which the specification knows nothing. */
    private static final String OURS = "zookeeper";

    private static final Map<String, Operation.Write> REQUESTS = requests();
    private final int maxRequests;
    private final Replica replica = Replica.fresh(true);
    private final Preparer preparer;
    private final List<Proposal> log = new ArrayList<>();
    private final int firstCversion = stat(Path.ROOT).cversion();

    /** The names that the leader made up, in order. */
    private final List<Path> made = new ArrayList<>();

    private int committed;

    /** How often a child of the root has come or gone. */
    private int happened;

    TreeRig(Map<String, String> constants) {
        this.maxRequests = Bounds.number(constants, "MaxRequests");
        this.preparer =
                new Preparer(
                        replica.tree(), Rig.settings(new Ensemble(1, List.of(1L), List.of()), 0));
    }

    private static Map<String, Operation.Write> requests() {
        Operation.Part delete = new Operation.Delete(AB, -1);
        Operation.Part set = new Operation.SetData(A, Bytes.EMPTY, 0);
        Map<String, Operation.Write> all = new TreeMap<>();
        all.put("create", create(A, PERSISTENT));
        all.put("createEphemeral", create(A, EPHEMERAL));
        all.put("createBelow", create(AB, PERSISTENT));
        all.put("createEphemeralBelow", create(AB, EPHEMERAL));
        all.put("createSequential", create(Path.of("/s"), EPHEMERAL_SEQUENTIAL));
        all.put("delete", new Operation.Delete(A, -1));
        all.put("deleteBelow", delete);
        all.put("set", set);
        all.put("close", new Operation.CloseSession());
        all.put(
                "createBoth",
                new Operation.Multi(List.of(create(A, PERSISTENT), create(AB, EPHEMERAL))));
        all.put("deleteAndSet", new Operation.Multi(List.of(delete, set)));
        return all;
    }

    private static Operation.Part create(Path path, int mode) {
        return new Operation.Create(
                Operation.CreateKind.CREATE,
                path,
                Bytes.EMPTY,
                List.of(new Acl(Acl.ALL, "world", "anyone")),
                mode,
                -1);
    }

    @Override
    public Set<String> enabled() {
        TreeSet<String> steps = new TreeSet<>();
        if (committed < log.size()) {
            steps.add("Commit");
        }
        if (log.size() < maxRequests) {
            REQUESTS.keySet().forEach(name -> steps.add("AskFor " + name));
        }
        return steps;
    }

    @Override
    public void take(String step) {
        if (step.equals("Commit")) {
            Set<Path> before = children(Path.ROOT);
            Proposal next = log.get(committed++);
            replica.apply(next);
            preparer.committed(next.zxid());
            Set<Path> changed = children(Path.ROOT);
            changed.stream().filter(path -> !before.contains(path)).forEach(_ -> happened++);
            before.stream().filter(path -> !changed.contains(path)).forEach(_ -> happened++);
            return;
        }
        String name = step.substring(step.indexOf(' ') + 1);
        Operation.Write request = REQUESTS.get(name);
        if (request == null) {
            throw new IllegalArgumentException("no such step: " + step);
        }
        long zxid = Zxid.of(EPOCH, log.size() + 1);
        Txn txn = preparer.prepare(new Preparer.Asker(SESSION, null, List.of(), zxid, 0), request);
        log.add(new Proposal(zxid, SESSION, 0, 0, txn, true, preparer.digest()));
        if (name.equals("createSequential") && txn instanceof Txn.Create create) {
            made.add(create.path());
        }
    }

    private Set<Path> children(Path parent) {
        TreeSet<Path> children = new TreeSet<>();
        for (Bytes name : znode(parent).childNames()) {
            Path child = parent.child(name);
            if (!child.equals(Path.ROOT.child(OURS))) {
                children.add(child);
            }
        }
        return children;
    }

    private Znode znode(Path path) {
        Znode znode = replica.tree().find(path);
        if (znode == null) {
            throw new AssertionError(path + " is not there");
        }
        return znode;
    }

    private Stat stat(Path path) {
        return replica.tree().stat(znode(path));
    }

    @Override
    public List<String> seen() {
        List<String> znodes = new ArrayList<>();
        add(Path.ROOT, znodes);
        return List.of(Text.set(znodes));
    }

    private void add(Path path, List<String> znodes) {
        Stat stat = stat(path);
        Text text =
                new Text()
                        .with("owner", stat.ephemeralOwner())
                        .with("version", stat.version())
                        .with("cversion", cversion(path))
                        .with("pzxid", Zxid.counter(stat.pzxid()));
        znodes.add(new Text().with("path", text(path)).with("stat", text.toString()).toString());
        children(path).forEach(child -> add(child, znodes));
    }

    /** The root had children when it began. */
    private int cversion(Path path) {
        return stat(path).cversion() - (path.isRoot() ? firstCversion : 0);
    }

    /** A name that was made up is known by its place among all of those. */
    private String text(Path path) {
        if (path.isRoot()) {
            return Text.sequence(List.of());
        }
        int rank = made.indexOf(path);
        return rank >= 0
                ? Text.sequence(List.of(Integer.toString(SEQUENTIAL + rank + 1)))
                : Text.sequence(List.of(path.toString().substring(1).split("/", -1)));
    }

    @Override
    public String around() {
        return new Text()
                .with("log", Text.sequence(log.stream().map(each -> text(each.txn())).toList()))
                .with("com", committed)
                .toString();
    }

    private String text(Txn txn) {
        Text text = new Text();
        switch (txn) {
            case Txn.Create create ->
                    text.with("kind", "CREATE")
                            .with("path", text(create.path()))
                            .with("owner", create.ephemeral() ? SESSION : 0);
            case Txn.Delete delete -> text.with("kind", "DELETE").with("path", text(delete.path()));
            case Txn.SetData set -> text.with("kind", "SET").with("path", text(set.path()));
            case Txn.CloseSession close -> {
                List<Path> paths = close.paths() == null ? List.of() : close.paths();
                text.with("kind", "CLOSE")
                        .with("owner", SESSION)
                        .with("paths", Text.set(paths.stream().map(this::text).toList()));
            }
            case Txn.Multi multi
                    when multi.parts().stream().allMatch(Txn.Failure.class::isInstance) ->
                    text.with("kind", "FAILURE");
            case Txn.Multi multi ->
                    text.with("kind", "MULTI")
                            .with(
                                    "parts",
                                    Text.sequence(multi.parts().stream().map(this::text).toList()));
            case Txn.Failure _ -> text.with("kind", "FAILURE");
            case Txn.SetAcl _, Txn.CheckVersion _, Txn.CreateSession _ ->
                    throw new AssertionError("nobody asked for " + txn);
        }
        return text.toString();
    }

    /** What nobody asked for does not happen, and what was asked for happens whole. */
    @Override
    public void check() {
        demand(new TreeSet<>(made).size() == made.size(), "SequenceUnique");
        for (Proposal proposal : log) {
            if (proposal.txn() instanceof Txn.Multi multi) {
                long failed = multi.parts().stream().filter(Txn.Failure.class::isInstance).count();
                demand(failed == 0 || failed == multi.parts().size(), "MultiAtomic");
            }
        }
        demand(cversion(Path.ROOT) == happened, "StatExact");
        for (Path path : children(Path.ROOT)) {
            boolean ephemeral = stat(path).ephemeralOwner() != 0;
            demand(!ephemeral || children(path).isEmpty(), "NoChildOfEphemerals");
        }
        boolean closed = committed > 0 && log.get(committed - 1).txn() instanceof Txn.CloseSession;
        demand(!closed || replica.tree().ephemeralsOf(SESSION).isEmpty(), "EphemeralsGone");
        if (committed == log.size()) {
            demand(
                    log.isEmpty() || replica.digest() == log.getLast().digest(),
                    "WhatIsMadeApplies");
        }
    }

    private static void demand(boolean holds, String property) {
        if (!holds) {
            throw new AssertionError(property + " does not hold");
        }
    }
}
