package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Violation;

/** Whatever goes wrong, nothing is done that must not be, and then the ensemble goes on. */
class CampaignTest {
    private static final long ACT_MICROS = 15_000_000;

    @ParameterizedTest
    @CsvSource({"1, 0, 60", "3, 0, 110", "3, 1, 40", "5, 0, 40"})
    void everythingHoldsInEveryRun(int servers, int observers, int seeds) {
        List<String> failures = new ArrayList<>();
        Marks marks = new Marks();
        LongStream.rangeClosed(1, seeds)
                .parallel()
                .mapToObj(seed -> World.run(Swarm.draw(seed, options(servers, observers)), 0))
                .forEachOrdered(outcome -> {
                    marks.addAll(outcome.marks());
                    Violation violation = outcome.violation();
                    if (violation != null) {
                        failures.add(
                                "seed " + outcome.plan().seed() + ": " + violation.getMessage());
                    }
                });
        assertEquals(List.of(), failures);
        assertPathsWereTaken(marks.seen(), servers);
    }

    private static void assertPathsWereTaken(Map<String, Long> seen, int servers) {
        List<String> wanted = new ArrayList<>();
        wanted.add("snapshot taken");
        wanted.add("watch fired");
        wanted.add("reply lost");
        wanted.add("session closed");
        wanted.add("disk full while writing");
        wanted.add("server stopped by its disk");
        if (servers > 1) {
            wanted.add("session moved");
            wanted.add("link reset");
            wanted.add("DIFF sent");
            wanted.add("SNAP sent");
        } else {
            wanted.add("death in the middle of a disk operation");
        }
        for (String mark : wanted) {
            assertTrue(seen.containsKey(mark), mark + " is not among " + seen);
        }
    }

    @Test
    void oneSeedIsOneRun() {
        for (int servers : List.of(1, 3)) {
            for (long seed = 1; seed <= 8; seed++) {
                Outcome once = World.run(Swarm.draw(seed, options(servers, 0)), 0);
                // That somebody keeps the entries must not change what happens.
                Outcome again = World.run(Swarm.draw(seed, options(servers, 0)), 1_000);
                assertEquals(once.hash(), again.hash(), "seed " + seed);
                assertEquals(once.events(), again.events(), "seed " + seed);
            }
        }
    }

    @Test
    void twoSeedsAreTwoRuns() {
        Outcome one = World.run(Swarm.draw(1, options(1, 0)), 0);
        Outcome other = World.run(Swarm.draw(2, options(1, 0)), 0);
        assertTrue(one.hash() != other.hash());
    }

    private static Options options(int servers, int observers) {
        Options usual = Options.of(servers, 5);
        return new Options(servers, observers, 5, ACT_MICROS, usual.faults(), usual.mistake());
    }
}
