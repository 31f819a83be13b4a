package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.core.Input;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;

/** A server that has lost its disk helps nobody to lose what it acknowledged. */
final class ForgottenDiskTest {
    /** Ten ticks and a quarter: see the protocol's Newcomers. */
    private static final long STAY_MILLIS = 10 * MiniEnsemble.TICK * 5 / 4;

    private static final class Few {
        final MiniEnsemble world;

        Few(long seed, int voters) {
            world = new MiniEnsemble(seed, voters, 0);
        }

        void awaitServing(long... sids) {
            for (int i = 0; i < 600 && !serve(sids); i++) {
                world.run(50);
            }
            assertTrue(serve(sids), "EventuallyServes");
        }

        private boolean serve(long... sids) {
            boolean all = true;
            for (long sid : sids) {
                MiniServer server = world.server(sid);
                all &= server.isUp() && server.phase().isServing();
            }
            return all;
        }

        /** Writes at one server, and sees it acknowledged. */
        void write(long sid, String path) {
            MiniServer server = world.server(sid);
            List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
            server.step(new Input.Connect(7, 0, true, 4_000, 0, false, who));
            await(server, "7 welcome");
            server.step(new Input.Request(7, 1, World.create(path, 0)));
            await(server, "7 reply 1 Created");
        }

        private void await(MiniServer server, String reply) {
            for (int i = 0; i < 200 && !server.replies.contains(reply); i++) {
                world.run(5);
            }
            assertTrue(server.replies.contains(reply), reply);
        }

        void loseDisk(long sid) {
            world.server(sid).crash();
            world.server(sid).disk.wipe();
        }

        boolean has(long sid, String path) {
            return Objects.requireNonNull(world.server(sid).peer)
                            .replica()
                            .tree()
                            .find(Path.of(path))
                    != null;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aLostDiskAndAServerThatIsBehindAreNoQuorum(long seed) {
        Few three = new Few(seed, 3);
        three.awaitServing(1, 2, 3);
        three.world.server(3).crash();
        three.world.run(1_000);
        three.awaitServing(1, 2);
        three.write(1, "/kept");
        three.world.server(2).crash();
        three.loseDisk(1);
        three.world.server(1).start();
        three.world.server(3).start();
        three.world.run(20_000);
        assertNull(three.world.leader(), "a quorum of one that forgot and one that never knew");
        three.world.server(2).start();
        three.awaitServing(1, 2, 3);
        assertTrue(three.has(1, "/kept") && three.has(3, "/kept"), "NothingAcknowledgedIsLost");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aLostDiskIsReplacedWhileTheOthersGoOnAndCountsFromThen(long seed) {
        Few three = new Few(seed, 3);
        three.awaitServing(1, 2, 3);
        three.write(1, "/kept");
        three.loseDisk(2);
        three.world.run(1_000);
        three.awaitServing(1, 3);
        three.world.server(2).start();
        three.awaitServing(2);
        three.world.server(3).crash();
        three.world.run(1_000);
        three.awaitServing(1, 2);
        assertTrue(three.has(2, "/kept"), "NothingAcknowledgedIsLost");
    }

    /** Where nobody is left to ask, what is there is all that there is. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whenEverybodyIsHeardTheBestOfWhatIsLeftIsTaken(long seed) {
        Few three = new Few(seed, 3);
        three.awaitServing(1, 2, 3);
        three.write(1, "/kept");
        three.world.run(1_000);
        for (long sid : new long[] {1, 3}) {
            three.loseDisk(sid);
        }
        three.world.server(1).start();
        three.world.run(20_000);
        assertNull(three.world.leader(), "two of three are no quorum where one of them forgot");
        three.world.server(3).start();
        three.awaitServing(1, 2, 3);
        assertNotNull(three.world.leader());
        assertTrue(three.has(1, "/kept") && three.has(3, "/kept"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aNewEnsembleThatIsVouchedForStartsWithAMajority(long seed) {
        Few three = new Few(seed, 3);
        three.world.vouched = true;
        three.world.server(3).broken = true;
        three.awaitServing(1, 2);
        three.write(1, "/first");
        three.world.server(3).broken = false;
        three.world.server(3).start();
        three.awaitServing(1, 2, 3);
        assertTrue(three.has(3, "/first"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aNewEnsembleStartsWhenEveryVoterIsThere(long seed) {
        Few three = new Few(seed, 3);
        three.world.server(3).broken = true;
        three.world.run(10_000);
        assertNull(three.world.leader(), "one that is not heard may know more");
        three.world.server(3).broken = false;
        three.world.server(3).start();
        three.awaitServing(1, 2, 3);
    }

    /** How long it takes until it serves with an empty disk. */
    private static long millisUntilBroughtUp(Few five, long sid) {
        five.world.server(sid).start();
        long began = five.world.now;
        five.awaitServing(sid);
        return five.world.now - began;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLostDiskOfFiveIsReplacedAtOnceWhereAllOthersFollow(long seed) {
        Few five = new Few(seed, 5);
        five.awaitServing(1, 2, 3, 4, 5);
        five.write(1, "/kept");
        five.loseDisk(2);
        five.world.run(1_000);
        five.awaitServing(1, 3, 4, 5);
        long took = millisUntilBroughtUp(five, 2);
        assertTrue(took < STAY_MILLIS / 2, took + " ms");
        assertTrue(five.has(2, "/kept"), "NothingAcknowledgedIsLost");
    }

    /** One of them could be being chosen, and count on a promise that is forgotten. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whereOneOfTheOthersIsNotThereItWaits(long seed) {
        Few five = new Few(seed, 5);
        five.awaitServing(1, 2, 3, 4, 5);
        five.write(1, "/kept");
        five.world.server(5).crash();
        five.loseDisk(2);
        five.world.run(1_000);
        five.awaitServing(1, 3, 4);
        long took = millisUntilBroughtUp(five, 2);
        assertTrue(took >= STAY_MILLIS && took < 2 * STAY_MILLIS, took + " ms");
        assertTrue(five.has(2, "/kept"), "NothingAcknowledgedIsLost");
    }
}
