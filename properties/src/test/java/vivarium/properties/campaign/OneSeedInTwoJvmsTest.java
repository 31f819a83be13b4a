package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.properties.campaign.Simulate.Ended;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;

/**
 * The order of an immutable set, identity hash codes and the addresses of objects differ from one
 * JVM to the next; what a seed does must not.
 */
class OneSeedInTwoJvmsTest {
    private static final long SEED = 7;
    private static final long ACT_SECONDS = 4;

    @Test
    void aSeedIsTheSameRunInTwoJvmsAndTwiceInOne() throws Exception {
        String[] replay = {"--seed", "" + SEED, "--servers", "3", "--observers", "1", "--twice"};
        Ended one = Simulate.run(replay);
        Ended other = Simulate.run(replay);
        assertEquals(0, one.code(), one.said());
        assertEquals(one.said(), other.said());
        Options usual = Options.of(3, 5);
        Options options =
                new Options(3, 1, 5, usual.faultyMicros(), usual.faults(), usual.mistake());
        Outcome here = World.run(Swarm.draw(SEED, options), 0);
        assertTrue(one.said().contains("trace " + String.format("%016x", here.hash())), one.said());
    }

    /** Neither what the compilers make of it nor the hashes of objects may show. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xint",
                "-XX:-TieredCompilation",
                "-XX:TieredStopAtLevel=1 -XX:+UnlockExperimentalVMOptions -XX:hashCode=3"
            })
    void aSeedIsTheSameRunWhoeverCompilesIt(String flags) throws Exception {
        Options usual = Options.of(3, 5);
        Options options =
                new Options(3, 0, 5, ACT_SECONDS * 1_000_000, usual.faults(), usual.mistake());
        Outcome here = World.run(Swarm.draw(SEED, options), 0);
        List<String> replay =
                List.of("--seed", "" + SEED, "--servers", "3", "--act", "" + ACT_SECONDS);
        Ended there = Simulate.run(Map.of("JAVA_TOOL_OPTIONS", flags), replay);
        assertEquals(0, there.code(), there.said());
        assertTrue(there.said().contains(flags), "the flags were picked up");
        assertTrue(
                there.said().contains("trace " + String.format("%016x", here.hash())),
                there.said());
    }
}
