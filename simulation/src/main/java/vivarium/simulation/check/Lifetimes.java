package vivarium.simulation.check;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.tree.Path;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.simulation.engine.Violation;

/**
 * Containers and znodes with a time to live, as the agreed transactions make them: a leader may
 * remove a container that has lost its last child, and a znode that has outlived its time by the
 * clock of the leader that removes it. Nothing else, and nothing sooner.
 */
public final class Lifetimes {
    private static final long NO_TTL = -1;

    private final TreeMap<Path, Mortal> mortals = new TreeMap<>();

    private static final class Mortal {
        final long ttlMillis;
        long mtimeMillis;
        int children;
        boolean hadChildren;

        Mortal(long ttlMillis, long mtimeMillis) {
            this.ttlMillis = ttlMillis;
            this.mtimeMillis = mtimeMillis;
        }
    }

    /** The next transaction has been agreed. */
    public void agreed(Proposal proposal) {
        if (proposal.txn() instanceof Txn.Multi multi) {
            for (Txn part : multi.parts()) {
                if (part instanceof Txn.Failure) {
                    return;
                }
            }
            multi.parts().forEach(part -> agreed(proposal, part));
        } else {
            agreed(proposal, proposal.txn());
        }
    }

    private void agreed(Proposal proposal, Txn txn) {
        switch (txn) {
            case Txn.Create create -> {
                if (create.lifetime() == Txn.Lifetime.CONTAINER) {
                    mortals.put(create.path(), new Mortal(NO_TTL, proposal.timeMillis()));
                } else if (create.lifetime() == Txn.Lifetime.TTL) {
                    mortals.put(
                            create.path(), new Mortal(create.ttlMillis(), proposal.timeMillis()));
                }
                Mortal parent = parent(create.path());
                if (parent != null) {
                    parent.children++;
                    parent.hadChildren = true;
                }
            }
            case Txn.Delete delete -> {
                if (delete.byLeader()) {
                    judge(proposal, delete.path());
                }
                delete(delete.path());
            }
            case Txn.SetData set -> {
                Mortal mortal = mortals.get(set.path());
                if (mortal != null) {
                    mortal.mtimeMillis = proposal.timeMillis();
                }
            }
            case Txn.CloseSession close -> {
                List<Path> paths = close.paths();
                if (paths != null) {
                    paths.forEach(this::delete);
                }
            }
            case Txn.SetAcl _,
                    Txn.CheckVersion _,
                    Txn.CreateSession _,
                    Txn.Failure _,
                    Txn.Multi _ -> {}
        }
    }

    private @Nullable Mortal parent(Path path) {
        Path parent = path.parent();
        return parent == null ? null : mortals.get(parent);
    }

    private void delete(Path path) {
        mortals.remove(path);
        Mortal parent = parent(path);
        if (parent != null) {
            parent.children--;
        }
    }

    private void judge(Proposal proposal, Path path) {
        Mortal mortal = mortals.get(path);
        String fault = mortal == null ? "it is neither" : fault(mortal, proposal.timeMillis());
        if (fault != null) {
            throw new Violation(
                    "MortalsLiveTheirTime", proposal + " removes " + path + ", but " + fault);
        }
    }

    private static @Nullable String fault(Mortal mortal, long wallMillis) {
        if (mortal.children > 0) {
            return "it has " + mortal.children + " children";
        }
        if (mortal.ttlMillis == NO_TTL) {
            return mortal.hadChildren ? null : "it never had a child";
        }
        long lived = wallMillis - mortal.mtimeMillis;
        return lived > mortal.ttlMillis
                ? null
                : "it has lived " + lived + " ms of " + mortal.ttlMillis;
    }

    /** A container that should have been removed by now, where the leader has had time to look. */
    public @Nullable Path leftOver() {
        for (var entry : mortals.entrySet()) {
            if (isLeftOver(entry.getValue())) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** How many there are of {@link #leftOver}. */
    public int leftOvers() {
        int left = 0;
        for (Mortal mortal : mortals.values()) {
            left += isLeftOver(mortal) ? 1 : 0;
        }
        return left;
    }

    private static boolean isLeftOver(Mortal mortal) {
        return mortal.ttlMillis == NO_TTL && mortal.hadChildren && mortal.children == 0;
    }
}
