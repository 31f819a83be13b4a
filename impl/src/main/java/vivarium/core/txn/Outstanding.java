package vivarium.core.txn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vivarium.core.Check;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Digest;
import vivarium.core.tree.Path;
import vivarium.core.tree.Znode;

/**
 * The tree as it will be when all proposals have been committed: what the next operation is judged
 * against. Only what outstanding proposals touch is kept here; the rest is the tree itself.
 *
 * <p>An operation, or all parts of a multi, are first tried: {@link #accept} makes the trial count,
 * {@link #discard} leaves no trace of it.
 */
final class Outstanding {
    private static final int TYPICAL = 2;

    private final DataTree tree;
    private final Digest digests = new Digest();

    /** By their paths, those on trial among them. */
    private final Map<Path, Draft> drafts = new LinkedHashMap<>();

    /** What the trial that goes on has put there, in its order. */
    private List<Draft> trial = new ArrayList<>(TYPICAL);

    /** The last that was made to be read, and is as good to be changed in the same trial. */
    private @Nullable Draft found;

    private final ArrayDeque<Touched> touched = new ArrayDeque<>();

    /** What the digest of the tree will be. */
    private long digest;

    private long trialDigest;

    /** What one proposal touches. */
    private record Touched(long zxid, List<Draft> drafts) {}

    Outstanding(DataTree tree) {
        this.tree = tree;
        this.digest = tree.digest();
        this.trialDigest = digest;
    }

    /** The znode at {@code path} as it will be, to be read; null if there will be none. */
    @Nullable Draft find(Path path) {
        Draft draft = drafts.get(path);
        if (draft != null) {
            return draft.exists ? draft : null;
        }
        Znode znode = tree.find(path);
        if (znode == null) {
            return null;
        }
        found = new Draft(path, znode, znode.digest());
        return found;
    }

    /** The place at {@code path}, to be changed in this trial; {@link #changed} must follow. */
    Draft edit(Path path) {
        Draft before = drafts.get(path);
        if (before != null && before.onTrial) {
            return before;
        }
        Draft draft = before == null ? fresh(path) : new Draft(before);
        draft.onTrial = true;
        draft.before = before;
        trial.add(draft);
        drafts.put(path, draft);
        return draft;
    }

    private Draft fresh(Path path) {
        Draft draft = found;
        if (draft != null && draft.path.equals(path)) {
            return draft;
        }
        Znode znode = tree.find(path);
        return znode == null ? new Draft(path) : new Draft(path, znode, znode.digest());
    }

    /** {@code draft} is now as it shall be. */
    void changed(Draft draft) {
        trialDigest -= Digest.summand(draft.digest);
        draft.digest = draft.exists ? digests.of(draft.path, draft.data, draft) : 0;
        trialDigest += Digest.summand(draft.digest);
    }

    /** The trial counts: it is what the proposal {@code zxid} will do. */
    void accept(long zxid) {
        if (!trial.isEmpty()) {
            for (int i = 0; i < trial.size(); i++) {
                Draft draft = trial.get(i);
                draft.onTrial = false;
                draft.before = null;
            }
            touched.add(new Touched(zxid, trial));
            trial = new ArrayList<>(TYPICAL);
        }
        found = null;
        digest = trialDigest;
    }

    /** The trial never was. */
    void discard() {
        for (Draft draft : trial) {
            Draft before = draft.before;
            if (before == null) {
                drafts.remove(draft.path);
            } else {
                drafts.put(draft.path, before);
            }
        }
        trial.clear();
        found = null;
        trialDigest = digest;
    }

    /** The tree has everything up to {@code zxid} by now. */
    void committed(long zxid) {
        while (!touched.isEmpty() && touched.peek().zxid() <= zxid) {
            for (Draft draft : touched.remove().drafts()) {
                drafts.remove(draft.path, draft);
            }
        }
        if (touched.isEmpty()) {
            Check.that(drafts.isEmpty(), "NothingOutstandingLeavesNoDrafts");
        }
    }

    /** The digest that the tree will have. */
    long digest() {
        return trialDigest;
    }

    /** The ephemerals that a session will have, in the order of their paths. */
    Set<Path> ephemeralsOf(long session) {
        Set<Path> mine = new TreeSet<>(tree.ephemeralsOf(session));
        for (Draft draft : drafts.values()) {
            if (draft.exists && draft.owner == session) {
                mine.add(draft.path);
            } else {
                mine.remove(draft.path);
            }
        }
        return mine;
    }
}
