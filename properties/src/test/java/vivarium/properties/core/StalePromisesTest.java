package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.Zxid;
import vivarium.core.zab.Message;

/**
 * A voter that has lost its disk has forgotten whom it promised what. Whoever is being chosen may
 * count on such a promise, for a while, and so an established leader lets that voter wait.
 */
final class StalePromisesTest {
    private static final String LOOKS = "phase LOOKING";
    private static final String LEADS = "phase LEADER_SYNCHRONIZATION";
    private static final String SERVES = "phase LEADER_BROADCAST";
    private static final long INIT_LIMIT_MILLIS = 10 * World.TICK;
    private static final long STAY_MILLIS = INIT_LIMIT_MILLIS * 5 / 4;
    private static final long ROUND_MILLIS = 100;

    private final OneOfFive five = new OneOfFive();
    private final World world = five.world;

    @BeforeEach
    void isElected() {
        five.isElected();
        assertTrue(five.phases().contains("phase LEADER_DISCOVERY"));
    }

    private void serves() {
        five.serves();
        assertEquals(List.of(LEADS, SERVES), five.phases());
    }

    private void follows(long sid) {
        five.comes(sid, 1);
        five.promises(sid, 1, 0);
        five.hears(sid, new Message.Ack(Zxid.of(2, 0)));
    }

    private void comesWithAnEmptyDisk(long sid) {
        five.comes(sid, 0);
        five.promises(sid, 0, 0);
    }

    /**
     * Time goes by while some answer every ping.
     *
     * @return whether {@code sid} is sent the history, which is empty still
     */
    private boolean isBroughtUp(long sid, long withinMillis, long... answering) {
        boolean sent = false;
        long until = world.now + withinMillis;
        do {
            for (List<String> said = world.newLines(); !said.isEmpty(); said = world.newLines()) {
                sent |= said.stream().anyMatch(line -> line.startsWith("sends " + sid + " Diff["));
                said.forEach(line -> answer(line, answering));
            }
            world.pass(ROUND_MILLIS);
        } while (world.now <= until);
        return sent;
    }

    private void answer(String line, long... answering) {
        for (long sid : answering) {
            if (line.startsWith("sends " + sid + " Ping[")) {
                five.pong(sid);
            }
        }
    }

    @Test
    void aNewDiskCountsAtOnceWhereAllOthersSayThatTheyFollow() {
        serves();
        follows(5);
        assertFalse(isBroughtUp(4, 0, 2, 3, 5));
        comesWithAnEmptyDisk(4);
        assertTrue(isBroughtUp(4, 0, 2, 3, 5), "it is asked for at once");
    }

    @Test
    void whatOthersSaidBeforeItCameDoesNotCount() {
        serves();
        follows(5);
        isBroughtUp(4, 0, 2, 3);
        comesWithAnEmptyDisk(4);
        assertFalse(isBroughtUp(4, 0, 2, 3), "5 owes answers to older pings");
        five.pong(5);
        assertFalse(isBroughtUp(4, 0), "that was one of them");
    }

    @Test
    void whereOneIsNotThereItWaitsUntilNobodyCountsOnWhatItHasForgotten() {
        serves();
        comesWithAnEmptyDisk(4);
        assertFalse(isBroughtUp(4, STAY_MILLIS - 2 * ROUND_MILLIS, 2, 3));
        assertTrue(isBroughtUp(4, World.TICK, 2, 3));
    }

    /** The answers that came while it waited tell nothing of what happened since. */
    @Test
    void thenAQuorumMustSayThatThisServerStillLeads() {
        serves();
        comesWithAnEmptyDisk(4);
        assertFalse(isBroughtUp(4, STAY_MILLIS - 2 * ROUND_MILLIS, 2, 3));
        assertFalse(isBroughtUp(4, World.TICK, 2), "two of five are no quorum");
        assertTrue(isBroughtUp(4, World.TICK, 2, 3));
    }

    /** It grows tired of its leader now and then, and comes again. */
    @Test
    void theSameVoterDoesNotWaitAnew() {
        serves();
        comesWithAnEmptyDisk(4);
        assertFalse(isBroughtUp(4, 8_000, 2, 3));
        world.step(new Input.LinkDown(4));
        assertFalse(isBroughtUp(4, 2_000, 2, 3));
        five.comes(4, 2);
        five.promises(4, 0, 0);
        assertFalse(isBroughtUp(4, STAY_MILLIS - 10_000 - 5 * ROUND_MILLIS, 2, 3));
        assertTrue(isBroughtUp(4, World.TICK, 2, 3));
    }

    /** From when it counted it could promise, and lose that too. */
    @Test
    void whoWasBroughtUpWaitsAnewWithTheNextDisk() {
        serves();
        comesWithAnEmptyDisk(4);
        assertTrue(isBroughtUp(4, STAY_MILLIS + World.TICK, 2, 3));
        world.step(new Input.LinkDown(4));
        comesWithAnEmptyDisk(4);
        assertFalse(isBroughtUp(4, STAY_MILLIS - 2 * ROUND_MILLIS, 2, 3));
    }

    @Test
    void aVoterThatHasItsMemoryDoesNotWait() {
        serves();
        five.comes(4, 1);
        five.promises(4, 1, 0);
        assertTrue(isBroughtUp(4, 0));
    }

    /** By coming they say that they follow nobody else. */
    @Test
    void twoWithNewDisksDoNotWaitForEachOther() {
        serves();
        comesWithAnEmptyDisk(4);
        assertFalse(isBroughtUp(4, World.TICK, 2, 3), "5 may be being chosen");
        comesWithAnEmptyDisk(5);
        assertTrue(isBroughtUp(4, 0, 2, 3));
    }

    /** What the others said before the second came says nothing of what it had been promised. */
    @Test
    void bothWaitForWhatIsSaidSinceTheLastOfThemCame() {
        serves();
        isBroughtUp(4, 0, 2, 3);
        comesWithAnEmptyDisk(4);
        five.pong(2);
        comesWithAnEmptyDisk(5);
        five.pong(3);
        assertFalse(world.newLines().stream().anyMatch(line -> line.startsWith("sends 4 Diff[")));
        assertTrue(isBroughtUp(4, World.TICK, 2, 3));
    }

    /** By then, what the others have promised may have been forgotten. */
    @Test
    void aPromiseThatComesTooLateDoesNotCount() {
        five.promises(2, 1, 0);
        world.now += INIT_LIMIT_MILLIS;
        five.promises(3, 1, 0);
        assertEquals(List.of(LOOKS), five.phases());
    }

    /** All others may follow a leader already that one of the promises has made. */
    @Test
    void whoIsBeingChosenBringsUpNobodyWithANewDiskWhereAQuorumRemembers() {
        five.comes(4, 0);
        five.comes(5, 0);
        for (long sid : new long[] {4, 5}) {
            five.promises(sid, 0, 0);
        }
        five.promises(2, 1, 0);
        five.promises(3, 1, 0);
        List<String> said = world.newLines();
        assertTrue(said.contains(LEADS));
        assertTrue(said.stream().anyMatch(line -> line.startsWith("sends 3 Diff[")));
        assertFalse(said.stream().anyMatch(line -> line.startsWith("sends 4 Diff[")));
    }
}
