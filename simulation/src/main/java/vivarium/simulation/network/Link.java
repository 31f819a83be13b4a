package vivarium.simulation.network;

import org.jspecify.annotations.Nullable;
import vivarium.core.zab.Message;
import vivarium.wire.JuteWriter;
import vivarium.wire.QuorumReader;

/** One connection from a learner to whom it takes for its leader, while it lasts at either end. */
final class Link {
    private static final int LONGEST_FIELD = 2 << 20;

    /** The learner, who asked for it. */
    final long asker;

    final long accepter;

    final QuorumReader ofAsker = QuorumReader.ofLearner(LONGEST_FIELD);
    final QuorumReader ofAccepter = QuorumReader.ofLeader(LONGEST_FIELD);

    /** What the turn has brought, and goes out at its end. */
    final JuteWriter byAsker = new JuteWriter(64);

    final JuteWriter byAccepter = new JuteWriter(64);

    private @Nullable Pipe toAccepter;
    private @Nullable Pipe toAsker;

    /** Whether the asker has been told that it is there. */
    boolean up;

    /** Whether the end has closed it, or has seen that the other end has. */
    boolean goneAtAsker;

    boolean goneAtAccepter;

    /** Whether the learner is being sent a history that it lacks. */
    boolean sendsHistory;

    /** What the learner has said first, as long as nobody has listened to it. */
    @Nullable Message introduction;

    Link(long asker, long accepter) {
        this.asker = asker;
        this.accepter = accepter;
    }

    void pipes(Pipe newToAccepter, Pipe newToAsker) {
        toAccepter = newToAccepter;
        toAsker = newToAsker;
    }

    /** The way to one of its ends. */
    Pipe to(long sid) {
        Pipe pipe = sid == asker ? toAsker : toAccepter;
        if (pipe == null) {
            throw new IllegalStateException("a link without a way to " + sid);
        }
        return pipe;
    }

    long other(long sid) {
        return sid == asker ? accepter : asker;
    }

    boolean isBetween(long one, long another) {
        return (asker == one && accepter == another) || (asker == another && accepter == one);
    }

    boolean isGone(long sid) {
        return sid == asker ? goneAtAsker : goneAtAccepter;
    }

    void gone(long sid) {
        if (sid == asker) {
            goneAtAsker = true;
        } else {
            goneAtAccepter = true;
        }
    }

    JuteWriter by(long sid) {
        return sid == asker ? byAsker : byAccepter;
    }

    /** How many bytes of an unfinished packet the ends hold. */
    int held() {
        return ofAsker.held() + ofAccepter.held();
    }
}
