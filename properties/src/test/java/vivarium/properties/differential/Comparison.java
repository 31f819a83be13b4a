package vivarium.properties.differential;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;

/** Conversation after conversation with two servers, until they differ or time is up. */
final class Comparison {

    private static final int GENERATOR_SIZE = 1000;
    private static final int MOST_TRIALS = 300;
    private static final int REPETITIONS = 3;

    private final Pair pair;
    private final long seed;
    private int conversations;
    private int seenOnce;

    /**
     * @param seed decides every conversation
     */
    Comparison(Pair pair, long seed) {
        this.pair = pair;
        this.seed = seed;
    }

    /** How many conversations have been held and were the same with both. */
    int conversations() {
        return conversations;
    }

    /** How many of them differed once and not again, as those of servers that trail may. */
    int seenOnce() {
        return seenOnce;
    }

    /**
     * The first difference, as the smallest conversation that shows it with both answers side by
     * side; empty if there was none as long as {@code goesOn}. One conversation is always held.
     */
    String firstDifference(BooleanSupplier goesOn) throws IOException {
        boolean mine = !JqwikSession.isActive();
        if (mine) {
            JqwikSession.start();
        }
        try {
            RandomGenerator<List<Step>> generator =
                    Conversations.conversation().generator(GENERATOR_SIZE);
            do {
                Random random = new Random(seed * 0x9e37_79b9_7f4a_7c15L + conversations);
                List<Step> steps = generator.next(random).value();
                String difference = pair.firstDifference(steps);
                if (!difference.isEmpty()) {
                    if (!pair.mayTrail() || isSeenAgain(steps)) {
                        return told(steps, difference);
                    }
                    seenOnce++;
                }
                conversations++;
            } while (goesOn.getAsBoolean());
            return "";
        } finally {
            if (mine) {
                JqwikSession.finish();
            }
        }
    }

    private boolean isSeenAgain(List<Step> steps) throws IOException {
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            if (!pair.firstDifference(steps).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private String told(List<Step> steps, String difference) throws IOException {
        String where = "conversation " + conversations + " of seed " + seed;
        pair.renew();
        if (pair.firstDifference(steps).isEmpty()) {
            return where + "; not seen again when it was repeated\n" + difference;
        }
        Shrinking shrinking =
                new Shrinking(
                        fewer -> {
                            pair.renew();
                            return !pair.firstDifference(fewer).isEmpty();
                        },
                        MOST_TRIALS);
        List<Step> smallest = shrinking.smallest(steps);
        pair.renew();
        String shown = pair.firstDifference(smallest);
        pair.renew();
        return where
                + ", "
                + smallest.size()
                + " of its "
                + steps.size()
                + " steps are enough\n"
                + (shown.isEmpty() ? difference : shown);
    }
}
