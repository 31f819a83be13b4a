package vivarium.properties.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.PhaseName;

/**
 * Real peers, some of which lose their disks, and with them promises on which another counts that
 * is being chosen. What an older leader then commits with the help of the new disks must not be
 * lost when that other leads.
 */
final class LostPromiseTest {
    /** Server 1 leads all of five; 5 goes, and 4 asks it for a moment whether it will lead. */
    private static void anElectionBehindTheLeadersBack(Story five) {
        five.rig.take("MCLead 1");
        for (long sid = 2; sid <= 5; sid++) {
            five.follow(sid, 1);
        }
        five.goOn(1, 2, 3, 4, 5);
        five.propose(1);
        five.goOn(1, 2, 3, 4, 5);
        five.leave(5, 1);
        five.rig.take("MCLead 5");
        five.leave(4, 1);
        five.follow(4, 5);
        five.rig.take("On 5 4");
        five.leave(4, 5);
        five.follow(4, 1);
        five.goOn(1, 2, 3, 4);
    }

    /** It promises the next epoch to 5, and comes back to 1 with an empty disk. */
    private static void threePromisesAndLosesItsDisk(Story five) {
        five.leave(3, 1);
        five.follow(3, 5);
        five.goOn(3, 5);
        assertEquals(PhaseName.LEADER_DISCOVERY, five.phase(5), "it has two promises of three");
        five.loseDisk(3);
        five.rig.take("OnLinkDown 5 3");
        five.follow(3, 1);
        five.goOn(1, 3);
    }

    /** What was asked before may have to be answered first. */
    private static void allThatAreAskedSayThatTheyFollow(Story five) {
        for (int i = 0; i < 3; i++) {
            five.rig.take("Confirm 1");
        }
    }

    @Test
    void whatIsCommittedWithTheHelpOfANewDiskIsNotLostWithThePromiseOfTheOld() {
        Story five = new Story(5);
        anElectionBehindTheLeadersBack(five);
        threePromisesAndLosesItsDisk(five);
        allThatAreAskedSayThatTheyFollow(five);
        five.goOn(1, 2, 3, 4);
        five.leave(4, 1);
        if (five.phase(1) == PhaseName.LEADER_BROADCAST) {
            five.propose(1);
            five.goOn(1, 2, 3);
        }
        List<Entry> committed = five.rig.committed();
        five.follow(4, 5);
        five.goOn(4, 5);
        if (five.rig.server(2).learns()) {
            five.leave(2, 1);
        }
        five.follow(2, 5);
        five.goOn(2, 4, 5);
        assertEquals(PhaseName.LEADER_BROADCAST, five.phase(5));
        five.assertKept(committed, 5);
    }

    /**
     * Server 1 would lead four, and 2 has promised; but 2 goes, would lead itself, and 3 and 4
     * promise that.
     */
    private static void twoElectionsAtATime(Story four) {
        four.rig.take("MCLead 1");
        four.follow(2, 1);
        four.follow(3, 1);
        four.rig.take("On 1 3");
        four.goOn(1, 2);
        four.leave(3, 1);
        four.rig.take("Break 2 1");
        four.rig.take("OnLinkDown 2 1");
        four.rig.take("LosePatience 2");
        four.rig.take("MCLead 2");
        for (long sid = 3; sid <= 4; sid++) {
            four.follow(sid, 2);
        }
        for (long sid = 3; sid <= 4; sid++) {
            four.rig.take("On 2 " + sid);
        }
        four.goOn(2);
        for (long sid = 3; sid <= 4; sid++) {
            four.goOn(sid);
            four.rig.take("On " + sid + " 2");
            four.goOn(sid);
        }
    }

    /** Their promises are on the way still when they have forgotten them. */
    private static void twoLoseTheirDisksAndFollowTheOther(Story four) {
        for (long sid = 3; sid <= 4; sid++) {
            four.loseDisk(sid);
            four.follow(sid, 1);
        }
        four.goOn(1, 3, 4);
        if (four.phase(1) == PhaseName.LEADER_BROADCAST) {
            four.propose(1);
            four.goOn(1, 3, 4);
        }
    }

    /** Who gets nowhere looks again; 2, which remembers, is elected by all. */
    private static void allBeginAnew(Story four) {
        for (long sid = 1; sid <= 4; sid++) {
            if (four.phase(sid) != PhaseName.LOOKING) {
                four.rig.take("LosePatience " + sid);
            }
        }
        four.rig.take("MCLead 2");
        for (long sid : new long[] {1, 3, 4}) {
            four.follow(sid, 2);
        }
        four.goOn(1, 2, 3, 4);
    }

    @Test
    void norWhereHalfOfTheVotersLoseTheirDisks() {
        Story four = new Story(4);
        twoElectionsAtATime(four);
        twoLoseTheirDisksAndFollowTheOther(four);
        List<Entry> committed = four.rig.committed();
        for (long sid = 3; sid <= 4; sid++) {
            four.rig.take("On 2 " + sid);
            four.rig.take("OnLinkDown 2 " + sid);
        }
        assertEquals(
                PhaseName.LEADER_SYNCHRONIZATION,
                four.phase(2),
                "three have promised, and remembered what they had when they did");
        for (long sid = 3; sid <= 4; sid++) {
            four.leave(sid, 1);
            four.follow(sid, 2);
        }
        four.goOn(2, 3, 4);
        if (four.phase(2) != PhaseName.LEADER_BROADCAST) {
            allBeginAnew(four);
        }
        assertEquals(PhaseName.LEADER_BROADCAST, four.phase(2));
        four.assertKept(committed, 2);
    }
}
