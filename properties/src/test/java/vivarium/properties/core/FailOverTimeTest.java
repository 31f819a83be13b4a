package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where nothing gets lost, a new leader serves a few round trips after the old one's links broke.
 * Every message and every turn of the disk takes a millisecond.
 */
final class FailOverTimeTest {
    /**
     * A vote and the answer to it (2), a link (1), FOLLOWERINFO (1), the leader's promise on disk
     * (1), LEADERINFO (1), the follower's promise on disk (1), ACKEPOCH (1), history and NEWLEADER
     * (1), the epoch on disk (1), its ACK (1), UPTODATE (1); and one for the news of the death.
     */
    private static final long MOST_MILLIS = 14;

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 7})
    void aNewLeaderServesAfterAFewRoundTrips(int voters) {
        for (long seed = 0; seed < 20; seed++) {
            MiniEnsemble world = new MiniEnsemble(seed, voters, 0);
            world.calm = true;
            for (int i = 0; i < 100 && !world.allServe(); i++) {
                world.run(50);
            }
            assertTrue(world.allServe());
            MiniServer old = Objects.requireNonNull(world.leader());
            old.crash();
            long died = world.now;
            while (!isServedByAQuorum(world, old) && world.now < died + 10_000) {
                world.run(1);
            }
            assertNotNull(world.leader());
            long took = world.now - died;
            assertTrue(took <= MOST_MILLIS, voters + " voters, seed " + seed + ": " + took + " ms");
        }
    }

    private static boolean isServedByAQuorum(MiniEnsemble world, MiniServer old) {
        int serving = 0;
        for (MiniServer server : world.servers.values()) {
            serving += server != old && server.isUp() && server.phase().isServing() ? 1 : 0;
        }
        return world.leader() != null && world.ensemble.isQuorum(serving);
    }
}
