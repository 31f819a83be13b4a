package vivarium.properties.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import vivarium.core.PhaseName;

/** What happens to an ensemble of voters, told by a test step by step. */
final class Story {
    /** What only happens where the story says so. */
    private static final Set<String> CHOSEN =
            Set.of("MCLead", "MCFollow", "LosePatience", "Propose", "Confirm", "OnLinkDown");

    final Rig rig;

    Story(int voters) {
        List<Long> all = LongStream.rangeClosed(1, voters).boxed().toList();
        rig = new Rig(new Bounds(all, all, 9, 9, 0, 0, 9, 9, false, 0, List.of()));
    }

    /** All messages between these arrive, and their disks are done. */
    void goOn(long... sids) {
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

    void follow(long sid, long leader) {
        rig.take("MCFollow " + sid + " " + leader);
    }

    /** It looks for a leader again, and its leader hears of that. */
    void leave(long sid, long leader) {
        rig.take("Break " + sid + " " + leader);
        rig.take("OnLinkDown " + leader + " " + sid);
        rig.take("OnLinkDown " + sid + " " + leader);
        if (rig.server(sid).learns()) {
            rig.take("LosePatience " + sid);
        }
    }

    void propose(long leader) {
        rig.take("Propose " + leader);
    }

    PhaseName phase(long sid) {
        return rig.server(sid).phase();
    }

    List<Entry> log(long sid) {
        return List.copyOf(rig.server(sid).disk.log);
    }

    /** Its disk is lost, and it starts again with an empty one, of which nobody is told. */
    void loseDisk(long sid) {
        rig.server(sid).disk.lose();
        rig.take("Restart " + sid + " 0 0 FALSE");
    }

    /** What was committed is at the front of this server's log. */
    void assertKept(List<Entry> committed, long sid) {
        List<Entry> kept = log(sid);
        assertEquals(
                committed,
                kept.subList(0, Math.min(kept.size(), committed.size())),
                "NothingAcknowledgedIsLost");
    }
}
