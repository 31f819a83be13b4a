package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import vivarium.simulation.Fault;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Shrinking;
import vivarium.simulation.Swarm;
import vivarium.simulation.TimedFault;
import vivarium.simulation.World;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.server.Mistake;

/** A check that can't fail is no check: each mistake is planted, and the world must fall on it. */
class PlantedMistakesTest {
    private static final int MOST_SEEDS = 40;

    @Test
    void toldDurableBeforeTheForce() {
        assertFalls(1, Mistake.DURABLE_BEFORE_FORCE, Set.of("CommittedIsDurableOnAQuorum"));
        assertFalls(
                3,
                Mistake.DURABLE_BEFORE_FORCE,
                Set.of("DurableBeforeAcknowledged", "CommittedIsDurableOnAQuorum"));
    }

    @Test
    void aDiskThatForcesNothing() {
        Set<String> expected = Set.of("DurableSurvives", "RecoverySucceeds", "EpochsSurvive");
        assertFalls(1, Mistake.FORCES_DO_NOTHING, expected);
        assertFalls(3, Mistake.FORCES_DO_NOTHING, expected);
    }

    /** It shows where the power goes soon after a process was killed that had not forced yet. */
    @Test
    void aServerThatDoesNotForceWhatItReadsAtItsStart() {
        List<TimedFault> faults = new ArrayList<>();
        for (long at = 1_000_000; at < 10_000_000; at += 200_000) {
            faults.add(new TimedFault(at, new Fault.Crash(1, false, 1_000)));
            faults.add(new TimedFault(at + 2_000, new Fault.Crash(1, true, 1_000)));
        }
        for (int servers : List.of(1, 3)) {
            Options options = Options.of(servers, 5).with(Mistake.RECOVERY_FORCES_NOTHING);
            assertFalls(
                    options.mistake(),
                    Set.of("DurableSurvives"),
                    seed -> World.run(Swarm.draw(seed, options).with(faults), 0));
        }
    }

    @Test
    void toldOfAnEpochBeforeItIsSaved() {
        assertFalls(3, Mistake.EPOCH_BEFORE_SAVE, Set.of("EpochsSurvive"));
    }

    @Test
    void proposalsThatNeverGetToTheLog() {
        assertFalls(1, Mistake.APPENDS_ARE_LOST, Set.of("RecoverySucceeds", "DurableSurvives"));
        assertFalls(3, Mistake.APPENDS_ARE_LOST, Set.of("RecoverySucceeds", "DurableSurvives"));
    }

    @Test
    void linksThatLoseMessagesInTheirMiddle() {
        assertFalls(
                3,
                Mistake.LINKS_LOSE_MESSAGES,
                Set.of("CommitsFollowProposals", "CommittedIsDurableOnAQuorum", "NoGaps"));
    }

    @Test
    void linksThatLoseBytesInTheirMiddle() {
        assertFalls(3, Mistake.LINKS_LOSE_BYTES, Set.of("PeersSpeakTheProtocol"));
    }

    @Test
    void aLeaderThatIsNotToldWhichSessionsLive() {
        assertFalls(3, Mistake.TOUCHES_ARE_LOST, Set.of("SessionsNeverEndEarly"));
    }

    @Test
    void serversThatDoNotLookAtAccessLists() {
        assertFalls(1, Mistake.ACLS_ARE_SKIPPED, Set.of("AccessListsAreKept"));
        assertFalls(3, Mistake.ACLS_ARE_SKIPPED, Set.of("AccessListsAreKept"));
    }

    @Test
    void serversThatForgetWhoAClientIs() {
        assertFalls(3, Mistake.IDENTITIES_ARE_LOST, Set.of("AccessListsAreKept"));
    }

    @Test
    void rotThatNoChecksumTells() {
        assertFalls(1, Mistake.ROT_IS_BELIEVED, Set.of("DigestsAgree"));
    }

    @Test
    void leadersThatGoOnInAnEpochThatIsUsedUp() {
        Set<String> expected = Set.of("CountersStayInTheirEpoch");
        assertFalls(1, Mistake.COUNTERS_GO_ON, expected);
        assertFalls(3, Mistake.COUNTERS_GO_ON, expected);
    }

    @Test
    void aLogThatIsReadBackWithGaps() {
        assertFalls(3, Mistake.READ_BACK_WITH_GAPS, Set.of("DigestsAgree", "NoGaps", "Progress"));
    }

    @Test
    void repliesThatOvertakeEvents() {
        Set<String> expected = Set.of("EventsInOrder", "EventBeforeChange");
        assertFalls(1, Mistake.REPLIES_OVERTAKE_EVENTS, expected);
        assertFalls(3, Mistake.REPLIES_OVERTAKE_EVENTS, expected);
    }

    @Test
    void lostDisksThatPassForWholeAreFoundOut() {
        assertFalls(
                3,
                Mistake.LOST_DISKS_PASS_FOR_WHOLE,
                Set.of(
                        "LeaderHasAllThatIsCommitted",
                        "NothingAcknowledgedIsLost",
                        "OneLeaderForEachEpoch",
                        "NoGaps"));
    }

    @Test
    void aShrunkScheduleBreaksTheSameInvariantWithFewerFaults() {
        Outcome failed = firstFailure(1, Mistake.FORCES_DO_NOTHING);
        Outcome shrunk = Shrinking.shrink(failed, 100);
        assertNotNull(failed.violation());
        assertNotNull(shrunk.violation());
        assertEquals(failed.violation().invariant(), shrunk.violation().invariant());
        assertTrue(
                shrunk.plan().faults().size() < failed.plan().faults().size(),
                shrunk.plan().faults() + " from " + failed.plan().faults());
        Outcome again = World.run(shrunk.plan(), 0);
        assertEquals(shrunk.hash(), again.hash());
    }

    private static void assertFalls(int servers, Mistake mistake, Set<String> expected) {
        assertFalls(mistake, expected, seed -> run(servers, mistake, seed));
    }

    private static void assertFalls(
            Mistake mistake, Set<String> expected, LongFunction<Outcome> runs) {
        Set<String> fallen = new TreeSet<>();
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            Violation violation = runs.apply(seed).violation();
            if (violation != null) {
                fallen.add(violation.invariant());
                if (expected.contains(violation.invariant())) {
                    return;
                }
            }
        }
        throw new AssertionError(mistake + " broke " + fallen + " and none of " + expected);
    }

    private static Outcome firstFailure(int servers, Mistake mistake) {
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            Outcome outcome = run(servers, mistake, seed);
            if (!outcome.isGood() && outcome.plan().faults().size() > 3) {
                return outcome;
            }
        }
        throw new AssertionError(mistake + " broke nothing");
    }

    private static Outcome run(int servers, Mistake mistake, long seed) {
        return World.run(Swarm.draw(seed, Options.of(servers, 5).with(mistake)), 0);
    }
}
