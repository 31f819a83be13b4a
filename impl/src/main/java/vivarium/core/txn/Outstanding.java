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
    private final DataTree tree;
    private final Digest digests = new Digest();
    private final Map<Path, Draft> drafts = new LinkedHashMap<>();
    private final Map<Path, Draft> trial = new LinkedHashMap<>();
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
        Draft draft = trial.get(path);
        if (draft == null) {
            draft = drafts.get(path);
        }
        if (draft == null) {
            Znode znode = tree.find(path);
            return znode == null ? null : new Draft(path, znode, znode.digest());
        }
        return draft.exists ? draft : null;
    }

    /** The place at {@code path}, to be changed in this trial; {@link #changed} must follow. */
    Draft edit(Path path) {
        Draft draft = trial.get(path);
        if (draft != null) {
            return draft;
        }
        Draft before = drafts.get(path);
        if (before != null) {
            draft = new Draft(before);
        } else {
            Znode znode = tree.find(path);
            draft = znode == null ? new Draft(path) : new Draft(path, znode, znode.digest());
        }
        trial.put(path, draft);
        return draft;
    }

    /** {@code draft} is now as it shall be. */
    void changed(Draft draft) {
        trialDigest -= Digest.summand(draft.digest);
        draft.digest = draft.exists ? digests.of(draft.path, draft.data, draft.persisted()) : 0;
        trialDigest += Digest.summand(draft.digest);
    }

    /** The trial counts: it is what the proposal {@code zxid} will do. */
    void accept(long zxid) {
        if (!trial.isEmpty()) {
            List<Draft> mine = new ArrayList<>(trial.values());
            for (Draft draft : mine) {
                drafts.put(draft.path, draft);
            }
            touched.add(new Touched(zxid, mine));
            trial.clear();
        }
        digest = trialDigest;
    }

    /** The trial never was. */
    void discard() {
        trial.clear();
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
