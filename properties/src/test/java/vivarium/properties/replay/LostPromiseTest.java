package vivarium.properties.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import vivarium.core.PhaseName;

/**
 * Five real peers, one of which loses its disk, and with it a promise on which another counts that
 * is being chosen. What an older leader then commits with the help of the new disk must not be lost
 * when that other leads.
 */
final class LostPromiseTest {
    private static final List<Long> FIVE = List.of(1L, 2L, 3L, 4L, 5L);

    /** What only happens where the story says so. */
    private static final Set<String> CHOSEN =
            Set.of("MCLead", "MCFollow", "LosePatience", "Propose", "Confirm", "OnLinkDown");

    private final Rig rig = new Rig(new Bounds(FIVE, FIVE, 9, 9, 0, 0, 9, 9, false, 0, List.of()));

    /** All messages between these arrive, and their disks are done. */
    private void goOn(long... sids) {
        Set<String> among = new TreeSet<>();
        for (long sid : sids) {
            among.add(Long.toString(sid));
        }
        for (String step = next(among); !step.isEmpty(); step = next(among)) {
            rig.take(step);
        }
    }

    private String next(Set<String> among) {
        for (String step : Enabled.in(rig)) {
            String[] words = step.split(" ", -1);
            boolean between = words.length == 2 || words[0].equals("Durable");
            if (!CHOSEN.contains(words[0])
                    && among.contains(words[1])
                    && (between || among.contains(words[2]))) {
                return step;
            }
        }
        return "";
    }

    private void follow(long sid, long leader) {
        rig.take("MCFollow " + sid + " " + leader);
    }

    /** It looks for a leader again, and its leader hears of that. */
    private void leave(long sid, long leader) {
        rig.take("Break " + sid + " " + leader);
        rig.take("OnLinkDown " + leader + " " + sid);
        rig.take("OnLinkDown " + sid + " " + leader);
        if (rig.server(sid).learns()) {
            rig.take("LosePatience " + sid);
        }
    }

    private void propose(long leader) {
        rig.take("Propose " + leader);
    }

    private PhaseName phase(long sid) {
        return rig.server(sid).phase();
    }

    private List<Entry> log(long sid) {
        return List.copyOf(rig.server(sid).disk.log);
    }

    /** Server 1 leads all; 5 goes, and 4 asks it for a moment whether it will lead. */
    private void anElectionBehindTheLeadersBack() {
        rig.take("MCLead 1");
        for (long sid = 2; sid <= 5; sid++) {
            follow(sid, 1);
        }
        goOn(1, 2, 3, 4, 5);
        propose(1);
        goOn(1, 2, 3, 4, 5);
        leave(5, 1);
        rig.take("MCLead 5");
        leave(4, 1);
        follow(4, 5);
        rig.take("On 5 4");
        leave(4, 5);
        follow(4, 1);
        goOn(1, 2, 3, 4);
    }

    /** It promises the next epoch to 5, and comes back to 1 with an empty disk. */
    private void threePromisesAndLosesItsDisk() {
        leave(3, 1);
        follow(3, 5);
        goOn(3, 5);
        assertEquals(PhaseName.LEADER_DISCOVERY, phase(5), "it has two promises of three");
        rig.server(3).disk.lose();
        rig.take("Restart 3 0 0 FALSE");
        rig.take("OnLinkDown 5 3");
        follow(3, 1);
        goOn(1, 3);
    }

    /** What was asked before may have to be answered first. */
    private void allThatAreAskedSayThatTheyFollow() {
        for (int i = 0; i < 3; i++) {
            rig.take("Confirm 1");
        }
    }

    @Test
    void whatIsCommittedWithTheHelpOfANewDiskIsNotLostWithThePromiseOfTheOld() {
        anElectionBehindTheLeadersBack();
        threePromisesAndLosesItsDisk();
        allThatAreAskedSayThatTheyFollow();
        goOn(1, 2, 3, 4);
        leave(4, 1);
        if (phase(1) == PhaseName.LEADER_BROADCAST) {
            propose(1);
            goOn(1, 2, 3);
        }
        List<Entry> committed = rig.committed();
        follow(4, 5);
        goOn(4, 5);
        if (rig.server(2).learns()) {
            leave(2, 1);
        }
        follow(2, 5);
        goOn(2, 4, 5);
        assertEquals(PhaseName.LEADER_BROADCAST, phase(5));
        List<Entry> kept = log(5);
        assertEquals(
                committed,
                kept.subList(0, Math.min(kept.size(), committed.size())),
                "NothingAcknowledgedIsLost");
    }
}
