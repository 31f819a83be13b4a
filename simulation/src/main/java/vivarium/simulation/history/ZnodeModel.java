package vivarium.simulation.history;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.txn.ErrorCode;
import vivarium.simulation.linearizability.Model;

/**
 * What ZooKeeper's operations mean on a few znodes, written down a second time and as plainly as
 * can be: nothing of the core is used.
 */
public final class ZnodeModel implements Model<Cells, Asked> {
    private final int count;

    /**
     * @param count how many znodes there are
     */
    public ZnodeModel(int count) {
        this.count = count;
    }

    @Override
    public Cells initial() {
        return new Cells(count);
    }

    @Override
    public @Nullable Cells step(Cells state, Asked asked) {
        List<Act> acts = asked.acts();
        Result result = asked.result();
        Cells after = state;
        for (int i = 0; i < acts.size(); i++) {
            Act act = acts.get(i);
            ErrorCode error = refusal(after, act);
            if (error != ErrorCode.OK) {
                boolean fits =
                        result == null || (result.failedAt() == i && result.error() == error);
                return fits ? state : null;
            }
            after = done(after, act);
        }
        if (result == null) {
            return after;
        }
        return result.isDone() && (acts.size() > 1 || tells(after, acts.getFirst(), result))
                ? after
                : null;
    }

    @Override
    public long hash(Cells state) {
        return state.hashCode();
    }

    private static ErrorCode refusal(Cells state, Act act) {
        if (act.kind() == Act.Kind.CREATE) {
            return state.has(act.cell()) ? ErrorCode.NODE_EXISTS : ErrorCode.OK;
        }
        if (!state.has(act.cell())) {
            return ErrorCode.NO_NODE;
        }
        boolean any = act.version() == -1 || act.kind() == Act.Kind.READ;
        return any || act.version() == state.version(act.cell())
                ? ErrorCode.OK
                : ErrorCode.BAD_VERSION;
    }

    private static Cells done(Cells state, Act act) {
        int cell = act.cell();
        return switch (act.kind()) {
            case CREATE -> state.with(cell, act.value(), 0);
            case SET -> state.with(cell, act.value(), state.version(cell) + 1);
            case DELETE -> state.with(cell, 0, 0);
            case CHECK, READ -> state;
        };
    }

    private static boolean tells(Cells after, Act act, Result result) {
        return switch (act.kind()) {
            case READ ->
                    result.value() == after.value(act.cell())
                            && result.version() == after.version(act.cell());
            case SET -> result.version() == after.version(act.cell());
            case CREATE, DELETE, CHECK -> true;
        };
    }
}
