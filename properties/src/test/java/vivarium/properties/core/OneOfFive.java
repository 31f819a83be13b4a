package vivarium.properties.core;

import java.util.List;
import vivarium.core.Input;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.zab.Message;

/** Server 1 of five, which was in the first epoch, and four others that are played by hand. */
final class OneOfFive {
    final World world;

    OneOfFive() {
        this(World.oneOfFive());
    }

    OneOfFive(World world) {
        this.world = world;
    }

    /** Servers 2 and 3 have voted for this one, and have come to follow it. */
    void isElected() {
        for (long sid : new long[] {2, 3}) {
            votes(sid, Notification.State.LOOKING, 1);
        }
        world.pass(100);
        comes(2, 1);
        comes(3, 1);
    }

    /** They have promised the second epoch, and have all that it begins with. */
    void serves() {
        promises(2, 1, 0);
        promises(3, 1, 0);
        for (long sid : new long[] {2, 3}) {
            hears(sid, new Message.Ack(Zxid.of(2, 0)));
        }
    }

    /** The four others have settled on one of them, and it brings this server up. */
    void follows(long leader) {
        votes(leader, Notification.State.LEADING, leader);
        for (long sid = 2; sid <= 5; sid++) {
            if (sid != leader) {
                votes(sid, Notification.State.FOLLOWING, leader);
            }
        }
        world.step(new Input.LinkUp(leader));
        hears(leader, new Message.LeaderInfo(2));
        hears(leader, new Message.Diff(0));
        hears(leader, new Message.NewLeader(2));
        hears(leader, new Message.UpToDate());
    }

    void votes(long sid, Notification.State state, long leader) {
        Vote vote = new Vote(leader, 0, 1);
        world.step(new Input.Notified(sid, new Notification(state, vote, 1)));
    }

    void comes(long sid, long acceptedEpoch) {
        world.step(new Input.LinkUp(sid));
        hears(sid, new Message.LearnerInfo(acceptedEpoch, true));
    }

    void promises(long sid, long currentEpoch, long lastZxid) {
        hears(sid, new Message.AckEpoch(true, currentEpoch, lastZxid));
    }

    void hears(long sid, Message message) {
        world.step(new Input.Received(sid, message));
        world.settle();
    }

    void pong(long sid) {
        hears(sid, new Message.Pong(0, List.of()));
    }

    /** The phases that it has entered since anybody looked. */
    List<String> phases() {
        return world.newLines().stream().filter(line -> line.startsWith("phase")).toList();
    }
}
