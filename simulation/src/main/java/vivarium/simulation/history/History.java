package vivarium.simulation.history;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.linearizability.Operation;
import vivarium.simulation.linearizability.Search;
import vivarium.simulation.linearizability.Verdict;

/**
 * What all clients have asked and been told. Operations on different groups of znodes say nothing
 * about each other, so each group has a history of its own.
 */
public final class History {
    /** Some hundred bytes each. */
    private static final long MOST_CONFIGURATIONS = 1_000_000;

    private static final int CELLS = 2;

    private final TreeMap<String, List<Operation<Asked>>> groups = new TreeMap<>();
    private final List<Call> lost = new ArrayList<>();
    private final List<Operation<SequenceModel.Drawn>> sequence = new ArrayList<>();

    /** An operation that has been asked. */
    public record Call(String group, List<Act> acts, long calledAt, long sessionId, int xid) {
        boolean reads() {
            return acts.getFirst().kind() == Act.Kind.READ;
        }
    }

    /** An operation has ended, and its reply came with this zxid. */
    public void end(Call call, long returnedAt, long zxid, Result result) {
        // A read stands behind the write whose effect it shows.
        long hint = 2 * zxid + (call.reads() ? 1 : 0);
        add(call, returnedAt, hint, result);
    }

    /** Nobody will ever tell whether an operation was done. */
    public void lost(Call call) {
        if (!call.reads()) {
            lost.add(call);
        }
    }

    private void add(Call call, long returnedAt, long hint, @Nullable Result result) {
        Asked asked = new Asked(call.acts(), result);
        groups.computeIfAbsent(call.group(), _ -> new ArrayList<>())
                .add(new Operation<>(call.calledAt(), returnedAt, hint, asked));
    }

    /** A sequential create has ended, or was lost. */
    public void drawn(long calledAt, long returnedAt, @Nullable Long number) {
        SequenceModel.Drawn drawn = new SequenceModel.Drawn(number);
        sequence.add(
                number == null
                        ? new Operation<>(calledAt, Operation.NEVER, drawn)
                        : new Operation<>(calledAt, returnedAt, number, drawn));
    }

    /** How many operations there are. */
    public int size() {
        int size = sequence.size() + lost.size();
        for (List<Operation<Asked>> group : groups.values()) {
            size += group.size();
        }
        return size;
    }

    /**
     * Why no order explains what the clients saw, null if one does. A search that was given up
     * explains nothing either, and is told as such. To be asked once.
     *
     * @param zxids where the servers put a request that nobody answered, {@link Long#MAX_VALUE} for
     *     nowhere: only a hint for the search
     */
    public @Nullable String fault(ToLongBiFunction<Long, Integer> zxids) {
        for (Call call : lost) {
            long zxid = zxids.applyAsLong(call.sessionId(), call.xid());
            long hint = zxid == Long.MAX_VALUE ? zxid : 2 * zxid;
            add(call, Operation.NEVER, hint, null);
        }
        for (String group : groups.keySet()) {
            String fault =
                    fault(
                            group,
                            Search.decide(
                                    new ZnodeModel(CELLS),
                                    groups.getOrDefault(group, List.of()),
                                    MOST_CONFIGURATIONS));
            if (fault != null) {
                return fault;
            }
        }
        return fault("sequence", Search.decide(new SequenceModel(), sequence, MOST_CONFIGURATIONS));
    }

    private static @Nullable String fault(String group, Verdict<?> verdict) {
        return switch (verdict.answer()) {
            case LINEARIZABLE -> null;
            case NOT_LINEARIZABLE ->
                    group
                            + ": "
                            + verdict.ordered()
                            + " operations can be put in order, but then "
                            + verdict.stuck()
                            + " has no place";
            case UNDECIDED ->
                    group
                            + ": no order found in "
                            + verdict.configurations()
                            + " tries; the best has "
                            + verdict.ordered()
                            + " and then no place for "
                            + verdict.stuck();
        };
    }
}
