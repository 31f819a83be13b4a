package vivarium.simulation.linearizability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One search for an order in which the operations of a history could have been done one at a time:
 * each between its call and its return, each with the result that it had.
 *
 * <p>Calls and returns stand in a list by their times. The search takes operations out of it, each
 * of them one whose call stands before the first return that is left; when none of these can be
 * next, it puts back the last one that it took and tries another in its place. References: Wing and
 * Gong, "Testing and verifying concurrent objects" (1993); Lowe, "Testing for linearizability"
 * (2017).
 *
 * <p>One thing is added. An operation that fits and changes nothing, such as a read, is taken at
 * once and without an alternative: if any order exists, then also one that has it here.
 */
public final class Search<S, O> {
    private static final int NONE = -1;

    private final Model<S, O> model;
    private final long most;

    /** Those whose end is known first, each part by the time of its call. */
    private final List<Operation<O>> operations;

    private final int complete;
    private final int firstOpenBit;
    private final Configurations<S> seen;

    // The list: the call of operation i is entry i, its return entry count + i, the head the last.
    private final int[] next;
    private final int[] previous;
    private final int head;

    private final long[] done;

    /** The place of each operation by its hint, and the operation at each place. */
    private final int[] rank;

    private final int[] byRank;

    private final int[] taken;
    private final boolean[] forced;
    private final List<S> before = new ArrayList<>();
    private int depth;
    private int completeDone;
    private int deepest;
    private @Nullable Operation<O> stuck;

    private Search(Model<S, O> model, List<Operation<O>> history, long most) {
        this.model = model;
        this.most = most;
        this.operations = new ArrayList<>(history);
        Comparator<Operation<O>> byEnd =
                Comparator.comparing((Operation<O> operation) -> !operation.isComplete());
        operations.sort(byEnd.thenComparingLong(Operation::calledAt));
        int count = operations.size();
        int known = 0;
        while (known < count && operations.get(known).isComplete()) {
            known++;
        }
        this.complete = known;
        int completeWords = (known + 63) / 64;
        this.firstOpenBit = 64 * completeWords;
        this.done = new long[completeWords + (count - known + 63) / 64];
        this.seen = new Configurations<>(completeWords);
        this.next = new int[2 * count + 1];
        this.previous = new int[2 * count + 1];
        this.head = 2 * count;
        this.taken = new int[count];
        this.forced = new boolean[count];
        this.rank = new int[count];
        this.byRank = new int[count];
        rankByHints();
        link();
    }

    /**
     * Decides about a history.
     *
     * @param most after how many configurations to give up; each takes some hundred bytes
     */
    public static <S, O> Verdict<O> decide(
            Model<S, O> model, List<Operation<O>> history, long most) {
        return new Search<>(model, history, most).run();
    }

    /**
     * Calls and returns by their times. At one time calls come first: operations that touch are
     * taken to overlap, which can only make more histories linearizable.
     */
    private void link() {
        int count = operations.size();
        long[][] entries = new long[count + complete][];
        for (int i = 0; i < count; i++) {
            entries[i] = new long[] {operations.get(i).calledAt(), 0, i};
        }
        for (int i = 0; i < complete; i++) {
            entries[count + i] = new long[] {operations.get(i).returnedAt(), 1, count + i};
        }
        Arrays.sort(
                entries,
                Comparator.comparingLong((long[] entry) -> entry[0])
                        .thenComparingLong(entry -> entry[1])
                        .thenComparingLong(entry -> entry[2]));
        int last = head;
        for (long[] entry : entries) {
            int at = (int) entry[2];
            next[last] = at;
            previous[at] = last;
            last = at;
        }
        next[last] = NONE;
    }

    private void rankByHints() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingLong(i -> operations.get(i).hint()));
        for (int place = 0; place < byRank.length; place++) {
            byRank[place] = order.get(place);
            rank[byRank[place]] = place;
        }
    }

    private Verdict<O> run() {
        S state = model.initial();
        int tried = NONE;
        while (completeDone < complete) {
            if (seen.size() > most) {
                return verdict(Verdict.Answer.UNDECIDED);
            }
            int idle = tried == NONE ? idle(state) : NONE;
            if (idle != NONE) {
                take(idle, true);
                before.add(state);
                continue;
            }
            int candidate = candidate(tried);
            if (candidate != NONE) {
                tried = rank[candidate];
                S after = model.step(state, operations.get(candidate).what());
                if (after != null && isNew(candidate, after)) {
                    before.add(state);
                    state = after;
                    take(candidate, false);
                    tried = NONE;
                }
                continue;
            }
            noteStuck();
            do {
                if (depth == 0) {
                    return verdict(Verdict.Answer.NOT_LINEARIZABLE);
                }
                state = before.removeLast();
                tried = rank[putBack()];
            } while (forced[depth]);
        }
        return verdict(Verdict.Answer.LINEARIZABLE);
    }

    /** An operation that can be next, has an end, and changes nothing. */
    private int idle(S state) {
        int count = operations.size();
        for (int entry = next[head]; entry != NONE && entry < count; entry = next[entry]) {
            if (entry < complete && state.equals(model.step(state, operations.get(entry).what()))) {
                return entry;
            }
        }
        return NONE;
    }

    /** The next operation to try behind the place {@code tried}: one called before any return. */
    private int candidate(int tried) {
        int best = Integer.MAX_VALUE;
        int count = operations.size();
        for (int entry = next[head]; entry != NONE && entry < count; entry = next[entry]) {
            if (rank[entry] > tried && rank[entry] < best) {
                best = rank[entry];
            }
        }
        return best == Integer.MAX_VALUE ? NONE : byRank[best];
    }

    private boolean isNew(int operation, S after) {
        flip(operation);
        boolean added = seen.add(done, after, model.hash(after));
        flip(operation);
        return added;
    }

    private void flip(int operation) {
        int bit = operation < complete ? operation : firstOpenBit + operation - complete;
        done[bit >>> 6] ^= 1L << bit;
    }

    private void take(int operation, boolean withoutAlternative) {
        flip(operation);
        unlink(operation);
        if (operation < complete) {
            unlink(operations.size() + operation);
            completeDone++;
        }
        forced[depth] = withoutAlternative;
        taken[depth++] = operation;
    }

    private int putBack() {
        int operation = taken[--depth];
        flip(operation);
        if (operation < complete) {
            relink(operations.size() + operation);
            completeDone--;
        }
        relink(operation);
        return operation;
    }

    private void unlink(int entry) {
        next[previous[entry]] = next[entry];
        if (next[entry] != NONE) {
            previous[next[entry]] = previous[entry];
        }
    }

    /** Undoes the {@link #unlink} that was done last of those not undone yet. */
    private void relink(int entry) {
        next[previous[entry]] = entry;
        if (next[entry] != NONE) {
            previous[next[entry]] = entry;
        }
    }

    private void noteStuck() {
        int entry = next[head];
        while (entry != NONE && entry < operations.size()) {
            entry = next[entry];
        }
        if (entry != NONE && (stuck == null || depth > deepest)) {
            deepest = depth;
            stuck = operations.get(entry - operations.size());
        }
    }

    private Verdict<O> verdict(Verdict.Answer answer) {
        boolean good = answer == Verdict.Answer.LINEARIZABLE;
        return new Verdict<>(answer, good ? null : stuck, good ? depth : deepest, seen.size());
    }
}
