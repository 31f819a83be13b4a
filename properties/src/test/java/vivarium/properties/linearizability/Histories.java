package vivarium.properties.linearizability;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import vivarium.core.txn.ErrorCode;
import vivarium.simulation.history.Act;
import vivarium.simulation.history.Asked;
import vivarium.simulation.history.Result;
import vivarium.simulation.linearizability.Operation;

/**
 * Histories that are good by construction: operations on one znode that take effect at one moment,
 * drawn between the call and the return. Nothing of the models is used to make them.
 */
final class Histories {
    private static final long MOST_MICROS = 1_000;

    private final SplittableRandom random;
    private final int lostPercent;
    private final boolean hinted;
    private final List<Operation<Asked>> made = new ArrayList<>();
    private boolean exists;
    private long value;
    private int version;
    private long nextValue = 1;

    private Histories(long seed, int lostPercent, boolean hinted) {
        this.random = new SplittableRandom(seed);
        this.hinted = hinted;
        this.lostPercent = lostPercent;
    }

    /**
     * A history of one znode.
     *
     * @param lostPercent of how many operations nobody knows how they ended
     */
    static List<Operation<Asked>> drawn(long seed, int operations, int clients, int lostPercent) {
        Histories histories = new Histories(seed, lostPercent, false);
        histories.draw(operations, clients);
        return histories.made;
    }

    /** The same, where each operation knows when it took effect. */
    static List<Operation<Asked>> hinted(long seed, int operations, int clients, int lostPercent) {
        Histories histories = new Histories(seed, lostPercent, true);
        histories.draw(operations, clients);
        return histories.made;
    }

    /** What one client is about to do. */
    private record Plan(long calledAt, long effectAt, long returnedAt) {}

    private void draw(int operations, int clients) {
        List<Plan> plans = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            plans.add(plan(random.nextLong(MOST_MICROS)));
        }
        for (int i = 0; i < operations; i++) {
            int first = 0;
            for (int client = 1; client < clients; client++) {
                if (plans.get(client).effectAt < plans.get(first).effectAt) {
                    first = client;
                }
            }
            Plan due = plans.get(first);
            Act act = act();
            Result result = result(act);
            boolean lost = random.nextInt(100) < lostPercent;
            long returnedAt = lost ? Operation.NEVER : due.returnedAt;
            made.add(
                    new Operation<>(
                            due.calledAt,
                            returnedAt,
                            hinted ? due.effectAt : returnedAt,
                            new Asked(List.of(act), lost ? null : result)));
            plans.set(first, plan(due.returnedAt + 1 + random.nextLong(100)));
        }
    }

    private Plan plan(long calledAt) {
        long effectAt = calledAt + random.nextLong(MOST_MICROS);
        return new Plan(calledAt, effectAt, effectAt + random.nextLong(MOST_MICROS));
    }

    private Act act() {
        int wished = random.nextInt(4) == 0 ? random.nextInt(5) : -1;
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Act(Act.Kind.CREATE, 0, nextValue++, 0);
            case 2, 3 -> new Act(Act.Kind.SET, 0, nextValue++, wished);
            case 4 -> new Act(Act.Kind.DELETE, 0, 0, wished);
            default -> new Act(Act.Kind.READ, 0, 0, 0);
        };
    }

    private Result result(Act act) {
        ErrorCode refusal = refusal(act);
        if (refusal != null) {
            return Result.refused(0, refusal);
        }
        switch (act.kind()) {
            case CREATE -> {
                exists = true;
                value = act.value();
                version = 0;
            }
            case SET -> {
                value = act.value();
                version++;
                return Result.set(version);
            }
            case DELETE -> exists = false;
            case READ -> {
                return Result.read(value, version);
            }
            case CHECK -> throw new AssertionError("never drawn");
        }
        return Result.DONE;
    }

    private @Nullable ErrorCode refusal(Act act) {
        if (act.kind() == Act.Kind.CREATE) {
            return exists ? ErrorCode.NODE_EXISTS : null;
        }
        if (!exists) {
            return ErrorCode.NO_NODE;
        }
        boolean wrong =
                act.kind() != Act.Kind.READ && act.version() >= 0 && act.version() != version;
        return wrong ? ErrorCode.BAD_VERSION : null;
    }
}
