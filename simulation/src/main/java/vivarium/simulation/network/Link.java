package vivarium.simulation.network;

import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
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

    /** What tells the ends that it is there, and whether they have come to it. */
    private Input.@Nullable LinkUp newsAtAsker;

    private Input.@Nullable LinkUp newsAtAccepter;
    private boolean toldAsker;
    private boolean toldAccepter;

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

    /** That it is there is on its way to the peer at this end. */
    Input.LinkUp news(long sid) {
        Input.LinkUp news = new Input.LinkUp(other(sid));
        if (sid == asker) {
            newsAtAsker = news;
        } else {
            newsAtAccepter = news;
        }
        return news;
    }

    /** What is on its way to the peer at this end, if it has not come to it yet. */
    Input.@Nullable LinkUp unheardNews(long sid) {
        return isKnown(sid) ? null : sid == asker ? newsAtAsker : newsAtAccepter;
    }

    /**
     * The peer at this end has come to some news of links.
     *
     * @return whether they are those of this link, and new
     */
    @SuppressWarnings("ReferenceEquality") // news of two links are equal
    boolean heard(long sid, Input.LinkUp news) {
        boolean known = isKnown(sid);
        toldAsker |= sid == asker && news == newsAtAsker;
        toldAccepter |= sid == accepter && news == newsAtAccepter;
        return isKnown(sid) && !known;
    }

    /** Whether the peer at this end knows that it is there; until then it speaks to another. */
    boolean isKnown(long sid) {
        return sid == asker ? toldAsker : toldAccepter;
    }

    JuteWriter by(long sid) {
        return sid == asker ? byAsker : byAccepter;
    }

    /** How many bytes of an unfinished packet the ends hold. */
    int held() {
        return ofAsker.held() + ofAccepter.held();
    }
}
