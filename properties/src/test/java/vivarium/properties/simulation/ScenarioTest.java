package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import vivarium.simulation.Options;
import vivarium.simulation.Plan;
import vivarium.simulation.Scenario;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;

class ScenarioTest {
    private static final String HEAD =
            """
            vivarium scenario 1
            seed 4
            servers 3
            observers 0
            clients 2
            faulty-micros 2000000
            """;

    @Test
    void aPlanThatWasWrittenIsReadAgainAndIsTheSameRun() throws Scenario.MalformedException {
        for (long seed = 1; seed <= 20; seed++) {
            Plan plan = Swarm.draw(seed, Options.of(3, 4));
            Plan again = Scenario.read(Scenario.write(plan), "text");
            assertEquals(plan, again);
        }
        Plan plan = Swarm.draw(5, Options.of(1, 2));
        Plan again = Scenario.read(Scenario.write(plan), "text");
        assertEquals(World.run(plan, 0).hash(), World.run(again, 0).hash());
    }

    @Test
    void commentsAndEmptyLinesAreLetPass() throws Scenario.MalformedException {
        Plan plan = Scenario.read(HEAD + "\n# a long pause\nat 1000 pause 2 500000\n", "text");
        assertEquals(1, plan.faults().size());
    }

    @Test
    void whatIsWrongIsToldWithItsPlaceAndWhatWasExpected() {
        assertMalformed("", "text:1: expected 'vivarium scenario 1'");
        assertMalformed(HEAD + "at soon kill 1 5\n", "text:7: expected a time");
        assertMalformed(HEAD + "at 5 kill 1\n", "text:7: expected a time");
        assertMalformed(HEAD + "at 5 kill 4 5\n", "text:7: expected a server from 1 to 3");
        assertMalformed(HEAD + "at 5 reset 1 0\n", "text:7: expected a server from 1 to 3");
        assertMalformed(HEAD + "mood bad\n", "text:7: expected 'at TIME");
        assertMalformed(HEAD + "clients many\n", "text:7: expected a number from 0 to 99");
        assertMalformed("vivarium scenario 1\nseed 1\n", "text:3: expected 'servers NUMBER'");
    }

    private static void assertMalformed(String text, String message) {
        Scenario.MalformedException refusal =
                assertThrows(Scenario.MalformedException.class, () -> Scenario.read(text, "text"));
        String told = String.valueOf(refusal.getMessage());
        assertTrue(told.startsWith(message), told);
    }
}
