package vivarium.simulation.spec;

import vivarium.core.Input;
import vivarium.core.Sketch;

/** Told of all that the specification has an action for, as it happens. */
public interface Scribe {
    /** Takes no notice. */
    Scribe NONE =
            new Scribe() {
                @Override
                public void crashed(long sid) {}

                @Override
                public void connected(long asker, long accepter) {}

                @Override
                public void admitted(long asker, long accepter) {}

                @Override
                public void dismissed(long asker, long accepter) {}

                @Override
                public void linkBroken(long one, long other) {}

                @Override
                public void stepping(long sid, Input input, Sketch before) {}

                @Override
                public void appended(long sid) {}

                @Override
                public void disconnecting(long sid, long other) {}

                @Override
                public void givingUp(long sid, long learner) {}

                @Override
                public void synchronizes(long sid, long learner) {}

                @Override
                public void commits(long sid) {}

                @Override
                public void beginsSnapshot(long sid, long learner) {}

                @Override
                public void stepped(long sid, Sketch after) {}

                @Override
                public boolean isOver() {
                    return false;
                }
            };

    /** A server's process has ended. */
    void crashed(long sid);

    /** A learner has the connection that it asked for, and hears of it, maybe once more. */
    void connected(long asker, long accepter);

    /** A leader listens now to a learner that has said who it is. */
    void admitted(long asker, long accepter);

    /** A server that does not lead sends away a learner that has said who it is. */
    void dismissed(long asker, long accepter);

    /** A connection has broken, which both ends will hear of. */
    void linkBroken(long one, long other);

    /** A server takes a step; what is told until {@link #stepped} is of this step. */
    void stepping(long sid, Input input, Sketch before);

    /** It logs a proposal. */
    void appended(long sid);

    /** It gives a link up. */
    void disconnecting(long sid, long other);

    /** It gives the link to a learner up, which it might have kept: {@link #disconnecting}. */
    void givingUp(long sid, long learner);

    /** It begins to bring a learner to its history, with what that does not have of it. */
    void synchronizes(long sid, long learner);

    /** A leader tells a learner that a proposal is committed. */
    void commits(long sid);

    /** It begins to send its replica to a learner. */
    void beginsSnapshot(long sid, long learner);

    /** The step is over. */
    void stepped(long sid, Sketch after);

    /** Whether it writes no more, whatever may happen. */
    boolean isOver();
}
