package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Plan;
import vivarium.simulation.Scenario;
import vivarium.simulation.Shrinking;
import vivarium.simulation.Swarm;
import vivarium.simulation.TimedFault;
import vivarium.simulation.World;
import vivarium.simulation.server.Mistake;

/** Shrinking leaves out faults and requests until what is left is what it takes. */
class ShrinkingTest {
    private static final List<String> TAKING = List.of("power-cut", "failed-force");
    private static final int MOST_SEEDS = 40;
    private static final int MOST_RUNS = 1_500;

    /** One that takes what was never forced; sometimes with something that delays the rest. */
    @Test
    void aDiskThatForcesNothingTakesAFaultOrTwoAndHardlyARequest() throws Exception {
        Outcome shrunk = shrunk(1, Mistake.FORCES_DO_NOTHING);
        List<TimedFault> faults = shrunk.plan().faults();
        assertTrue(faults.size() <= 2, faults.toString());
        assertTrue(
                faults.stream().anyMatch(timed -> TAKING.contains(timed.fault().name())),
                faults.toString());
        assertTrue(Shrinking.requests(shrunk) <= 2, Shrinking.requests(shrunk) + " requests");
    }

    /** It takes a watch and a change, by whomever; and sometimes a few more to get there. */
    @Test
    void repliesThatOvertakeEventsTakeNoFaultAndAFewRequests() throws Exception {
        Outcome shrunk = shrunk(1, Mistake.REPLIES_OVERTAKE_EVENTS);
        assertEquals(List.of(), shrunk.plan().faults());
        assertTrue(Shrinking.requests(shrunk) >= 2, "no watch fires without");
        int before = Shrinking.requests(firstFailure(1, Mistake.REPLIES_OVERTAKE_EVENTS));
        assertTrue(
                3 * Shrinking.requests(shrunk) <= before,
                Shrinking.requests(shrunk) + " requests of " + before);
    }

    private static Outcome shrunk(int servers, Mistake mistake) throws Exception {
        Outcome failed = firstFailure(servers, mistake);
        assertTrue(failed.plan().faults().size() > 3, "too few to try it");
        Outcome shrunk = Shrinking.shrink(failed, MOST_RUNS);
        assertSameInvariant(failed, shrunk);
        assertNoFaultCanBeMissed(shrunk);
        Plan kept = Scenario.read(Scenario.write(shrunk.plan()), "kept");
        assertEquals(shrunk.plan(), kept);
        assertEquals(shrunk.hash(), World.run(kept, 0).hash());
        return shrunk;
    }

    private static void assertSameInvariant(Outcome failed, Outcome shrunk) {
        assertNotNull(failed.violation());
        assertNotNull(shrunk.violation());
        assertEquals(failed.violation().invariant(), shrunk.violation().invariant());
    }

    private static void assertNoFaultCanBeMissed(Outcome shrunk) {
        assertNotNull(shrunk.violation());
        for (TimedFault fault : shrunk.plan().faults()) {
            List<TimedFault> others = new ArrayList<>(shrunk.plan().faults());
            others.remove(fault);
            Outcome without = World.run(shrunk.plan().with(others), 0);
            assertTrue(
                    without.violation() == null
                            || !without.violation()
                                    .invariant()
                                    .equals(shrunk.violation().invariant()),
                    fault.text() + " is not needed");
        }
    }

    private static Outcome firstFailure(int servers, Mistake mistake) {
        Options usual = Options.of(servers, 5).with(mistake);
        Options options = new Options(servers, 0, 5, 15_000_000, usual.faults(), usual.mistake());
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            Outcome outcome = World.run(Swarm.draw(seed, options), 0);
            if (!outcome.isGood() && outcome.plan().faults().size() > 3) {
                return outcome;
            }
        }
        throw new AssertionError(mistake + " broke nothing");
    }
}
