package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
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
}
