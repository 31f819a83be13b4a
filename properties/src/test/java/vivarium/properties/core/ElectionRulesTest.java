package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.election.Election;
import vivarium.core.election.Notification;
import vivarium.core.election.Notification.State;
import vivarium.core.election.Vote;

/** Which votes count, vote by vote; that all come to the same is ElectionTest's. */
final class ElectionRulesTest {
    private static final Ensemble FIVE_AND_AN_OBSERVER =
            new Ensemble(1, List.of(1L, 2L, 3L, 4L, 5L), List.of(6L));

    private final Election election = new Election(FIVE_AND_AN_OBSERVER, 5, vote(1));

    private static Vote vote(long leader) {
        return new Vote(leader, 0, 0);
    }

    private Election.Answer hears(long sid, long leader, long round) {
        return election.onLooking(sid, new Notification(State.LOOKING, vote(leader), round));
    }

    private void settles(long sid, State state, long leader) {
        election.onSettled(sid, new Notification(state, vote(leader), 5));
    }

    @Test
    void aQuorumForTheSameVoteElects() {
        hears(2, 3, 5);
        assertNull(election.likely());
        hears(3, 3, 5);
        assertEquals(vote(3), election.likely());
    }

    /** Which of several with the same history it is has to be agreed too. */
    @Test
    void votesForTwoWhoHaveTheSameHistoryAreNotOne() {
        hears(2, 2, 5);
        hears(3, 3, 5);
        assertEquals(vote(3), election.proposed());
        assertNull(election.likely());
    }

    @Test
    void aVoteOfAnOlderRoundDoesNotCountAndItsVoterIsTold() {
        assertEquals(Election.Answer.TELL_SENDER, hears(3, 3, 4));
        assertEquals(vote(1), election.proposed());
        assertEquals(5, election.round());
    }

    @Test
    void votesOfTheRoundBeforeDoNotCountInTheNext() {
        hears(2, 2, 5);
        hears(3, 2, 5);
        assertEquals(vote(2), election.likely());
        hears(4, 2, 6);
        assertEquals(6, election.round());
        assertNull(election.likely());
        hears(3, 2, 6);
        assertEquals(vote(2), election.likely());
    }

    @Test
    void anObserversWordDoesNotCount() {
        settles(2, State.LEADING, 2);
        settles(3, State.FOLLOWING, 2);
        settles(6, State.OBSERVING, 2);
        assertNull(election.established());
        settles(4, State.FOLLOWING, 2);
        assertEquals(vote(2), election.established());
        assertEquals(Election.Answer.NONE, hears(6, 6, 7));
        assertEquals(5, election.round());
    }

    @Test
    void aLeaderHasToSayItselfThatItLeads() {
        for (long sid = 3; sid <= 5; sid++) {
            settles(sid, State.FOLLOWING, 2);
        }
        assertNull(election.established());
        settles(2, State.FOLLOWING, 2);
        assertNull(election.established());
        settles(2, State.LEADING, 2);
        assertNotNull(election.established());
    }

    /** They may have heard nothing of it yet, or still follow the one before. */
    @Test
    void whoHasSettledOnAnotherOrInAnotherEpochDoesNotCount() {
        settles(2, State.LEADING, 2);
        settles(3, State.FOLLOWING, 4);
        settles(4, State.LEADING, 4);
        assertNull(election.established());
        Vote later = new Vote(2, 0, 1);
        election.onSettled(5, new Notification(State.FOLLOWING, later, 5));
        settles(3, State.FOLLOWING, 2);
        assertNull(election.established(), "5 is in another epoch");
        settles(5, State.FOLLOWING, 2);
        assertEquals(vote(2), election.established());
    }

    @Test
    void theRoundIsTheOneInWhichTheLeaderWasElected() {
        assertEquals(5, election.establishedRound(vote(2)));
        election.onSettled(2, new Notification(State.LEADING, vote(2), 9));
        assertEquals(9, election.establishedRound(vote(2)));
    }

    // ---- whoever looks for a leader

    private final World world = World.oneOfThree();

    private boolean decides() {
        return world.newLines().stream().anyMatch(line -> line.startsWith("phase LEA"));
    }

    /** The third may have a better vote, and be slower. */
    @Test
    void aQuorumThatIsNotEverybodyWaitsAMomentForABetterVote() {
        world.newLines();
        world.step(new Input.Notified(2, new Notification(State.LOOKING, vote(1), 1)));
        assertEquals(false, decides());
        world.step(new Input.Notified(3, new Notification(State.LOOKING, vote(3), 1)));
        assertEquals(false, decides());
        world.step(new Input.Notified(2, new Notification(State.LOOKING, vote(3), 1)));
        assertEquals(true, decides());
    }

    /** So that what was said in the search before is not taken for this one's. */
    @Test
    void eachSearchHasARoundOfItsOwn() {
        world.newLines();
        world.step(new Input.Notified(2, new Notification(State.LOOKING, vote(2), 1)));
        world.pass(1_000);
        assertEquals(true, decides(), "it follows 2");
        world.pass(60_000);
        assertTrue(
                world.newLines().stream()
                        .anyMatch(line -> line.startsWith("tells 3 ") && line.contains("round=2")));
    }
}
