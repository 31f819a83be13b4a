package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "at soon kill 1 5 | text:7: expected a number from 0 to 1000000000000000 as the"
                        + " time",
                "at -1 kill 1 5 | text:7: expected a number from 0 to",
                "at 5 kill 1 | text:7: expected the numbers of kill SERVER MICROS",
                "at 5 kill 1 2 3 | text:7: expected the numbers of kill SERVER MICROS",
                "at 5 slow-disk 1 many 3 | text:7: expected the numbers of slow-disk SERVER FACTOR",
                "at 5 kill 4 5 | text:7: expected a server from 1 to 3",
                "at 5 kill 0 5 | text:7: expected a server from 1 to 3",
                "at 5 reset 1 0 | text:7: expected a server from 1 to 3",
                "at 5 pause 1 -7 | text:7: expected numbers from 0 to",
                "at 5 meteor 1 | text:7: expected 'at', a time in microseconds, and one of [kill,",
                "at 5 | text:7: expected 'at', a time",
                "at 99999999999999999999 kill 1 5 | text:7: expected a number from 0",
                "mood bad | text:7: expected 'at TIME FAULT NUMBERS', 'silent",
                "servers 3 | text:7: expected servers only once",
                "mistake WORST | text:7: expected one of [NONE,",
                "silent 2 0 1 | text:7: expected a number from 0 to 1 as the client",
                "silent 1 5 4 | text:7: expected a number from 5 to",
                "silent 1 5 | text:7: expected 'silent CLIENT FIRST LAST'"
            })
    void aWrongLineIsToldWithItsNumberAndWhatWasExpected(String line, String message) {
        assertMalformed(HEAD + line + "\n", message);
        // Comments and empty lines count.
        assertMalformed(HEAD + "\n# so\n" + line + "\n", message.replace(":7:", ":9:"));
    }

    @Test
    void aHeadThatIsWrongOrMissingIsTold() {
        assertMalformed("", "text:1: expected 'vivarium scenario 1'");
        assertMalformed("\n\n", "text:1: expected 'vivarium scenario 1'");
        assertMalformed("vivarium scenario 2\n", "text:1: expected 'vivarium scenario 1'");
        assertMalformed("\0\1\2\uffff\n\0", "text:1: expected 'vivarium scenario 1'");
        assertMalformed("vivarium scenario 1\nseed 1\n", "text:3: expected 'servers NUMBER'");
        assertMalformed(HEAD.replace("clients 2", "clients many"), "text:5: expected a number");
        assertMalformed(HEAD.replace("servers 3", "servers 0"), "text:3: expected a number from 1");
        assertMalformed(
                HEAD.replace("servers 3", "servers 100"),
                "text:3: expected a number from 1 to 99 as servers");
    }

    @Test
    void faultsAboveTheServersThatTheyAreAboutAreInTheWrongOrder() {
        String message = "text:2: expected 'servers NUMBER' and 'observers NUMBER' above";
        assertMalformed("vivarium scenario 1\nat 5 kill 1 5\n" + HEAD.substring(20), message);
        assertMalformed(
                "vivarium scenario 1\nsilent 0 0 1\n" + HEAD.substring(20),
                "text:2: expected 'clients NUMBER' above");
    }

    @Test
    void aGiganticTextIsRefusedAndItsLinesAreNotAllRead() {
        assertMalformed(
                HEAD + "at 5 kill 1 5\n".repeat(1_000_000),
                "text:1000001: expected at most 1000000 lines");
        assertMalformed("x".repeat(20_000_000), "text:1: expected 'vivarium scenario 1'");
    }

    private static void assertMalformed(String text, String message) {
        Scenario.MalformedException refusal =
                assertThrows(Scenario.MalformedException.class, () -> Scenario.read(text, "text"));
        String told = String.valueOf(refusal.getMessage());
        assertTrue(told.startsWith(message), told);
    }
}
