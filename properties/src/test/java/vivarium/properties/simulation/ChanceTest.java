package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import vivarium.simulation.engine.Chance;

/** What is drawn for one concern must not depend on what is drawn for others. */
class ChanceTest {
    private static final int RACES = 30_000;

    @Test
    void aPartDoesNotDependOnWhatWasDrawnBeforeIt() {
        Chance fresh = Chance.of(7, "client", 1);
        Chance used = Chance.of(7, "client", 1);
        used.part("links", 3).bits();
        for (int i = 0; i < 100; i++) {
            used.bits();
        }
        assertEquals(fresh.part("ideas", 5).bits(), used.part("ideas", 5).bits());
        assertNotEquals(fresh.part("ideas", 5).bits(), fresh.part("ideas", 6).bits());
        assertNotEquals(fresh.part("ideas", 5).bits(), fresh.part("links", 5).bits());
    }

    @Test
    void inARaceEachIsFirstAsOftenAsItsWeightSays() {
        int[] weights = {1, 3, 6, 0};
        int[] won = new int[weights.length];
        for (int race = 0; race < RACES; race++) {
            won[winner(race, weights)]++;
        }
        assertEquals(0, won[3]);
        for (int i = 0; i < 3; i++) {
            double share = won[i] / (double) RACES;
            assertTrue(Math.abs(share - weights[i] / 10.0) < 0.02, i + " won " + share);
        }
    }

    @Test
    void oneMoreInARaceOnlyTakesVictoriesForItself() {
        int[] few = {1, 3, 6};
        int[] more = {1, 3, 6, 2};
        for (int race = 0; race < 1_000; race++) {
            int winner = winner(race, more);
            assertTrue(winner == 3 || winner == winner(race, few), "race " + race);
        }
    }

    private static int winner(long race, int[] weights) {
        Chance chance = Chance.of(race, "race", 0);
        int first = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            double at = chance.part("runner", i).first(weights[i]);
            if (at < least) {
                first = i;
                least = at;
            }
        }
        return first;
    }
}
