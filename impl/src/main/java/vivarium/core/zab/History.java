package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Check;
import vivarium.core.Effects;
import vivarium.core.Replica;
import vivarium.core.Zxid;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;

/**
 * The sequence of proposals that this peer has accepted, as its log has it: the newest ones that
 * the replica has, kept for learners that are a little behind, and behind them those that are only
 * logged.
 */
final class History {
    private final Effects effects;
    private final int mostRecent;

    /** Applied to the replica; the oldest fall out when there are too many. */
    private final ArrayDeque<Proposal> recent = new ArrayDeque<>();

    /** Logged, or on their way to the log, and not applied yet. */
    private final ArrayDeque<Proposal> tail = new ArrayDeque<>();

    /** The proposal just before the first that is known here. */
    private long baseZxid;

    /** The last proposal in the log, applied or not. Not lower than that of the replica. */
    private long lastLoggedZxid;

    /** The last one that would survive a power cut. Not higher than the last logged one. */
    private long durableZxid;

    /** Whether the replica may show effects of proposals that are still to be applied. */
    private boolean fuzzy;

    History(Effects effects, int mostRecent, long lastLoggedZxid) {
        this.effects = effects;
        this.mostRecent = mostRecent;
        restart(lastLoggedZxid);
    }

    /** All that is known now is where the log ends, and that it is safe. */
    void restart(long endZxid) {
        recent.clear();
        tail.clear();
        baseZxid = endZxid;
        lastLoggedZxid = endZxid;
        durableZxid = endZxid;
        fuzzy = false;
    }

    /**
     * Whether the replica may show effects of proposals behind the zxid that it goes by. An Apache
     * leader sends its tree while it goes on writing to it; what the tree can show already, it
     * sends before NEWLEADER. Until then digests say nothing.
     */
    void fuzzy(boolean isFuzzy) {
        fuzzy = isFuzzy;
    }

    long lastLoggedZxid() {
        return lastLoggedZxid;
    }

    long durableZxid() {
        return durableZxid;
    }

    boolean isDurable() {
        return durableZxid == lastLoggedZxid;
    }

    /** The log is safe up to {@code zxid}; late news of what has been cut since is no news. */
    void onDurable(long zxid) {
        durableZxid = Math.max(durableZxid, Math.min(zxid, lastLoggedZxid));
    }

    /** Whether a leader may propose this next: within an epoch, nothing is left out. */
    boolean isFollowedBy(Proposal proposal) {
        long zxid = proposal.zxid();
        return Zxid.epoch(zxid) == Zxid.epoch(lastLoggedZxid)
                ? zxid == lastLoggedZxid + 1
                : zxid > lastLoggedZxid;
    }

    /** Accepts a proposal. */
    void append(Proposal proposal) {
        Check.less(lastLoggedZxid, proposal.zxid(), "LogIsOrdered");
        lastLoggedZxid = proposal.zxid();
        tail.add(proposal);
        effects.append(proposal);
    }

    /** The oldest proposal that has not been applied, null if all have. */
    @Nullable Proposal firstUnapplied() {
        return tail.peek();
    }

    /** Those that have not been applied, oldest first. */
    Iterable<Proposal> unapplied() {
        return tail;
    }

    /**
     * Applies the oldest proposal that has not been applied.
     *
     * @param told whether its sender hears of the outcome from here
     */
    Outcome apply(Replica replica, boolean told) {
        Proposal proposal = tail.remove();
        Outcome outcome = replica.apply(proposal, told);
        if (proposal.digested() && !fuzzy) {
            Check.same(proposal.digest(), replica.digest(), "DigestsAgree");
        }
        recent.add(proposal);
        if (recent.size() > mostRecent) {
            baseZxid = recent.remove().zxid();
        }
        return outcome;
    }

    /** Forgets what has not been applied behind {@code zxid}. */
    void dropTail(long zxid) {
        while (!tail.isEmpty() && tail.peekLast().zxid() > zxid) {
            tail.removeLast();
        }
        lastLoggedZxid = zxid;
        durableZxid = Math.min(durableZxid, zxid);
    }

    /** The newest proposal known here that is not newer than {@code zxid}; -1 if none is known. */
    long lastAtOrBefore(long zxid) {
        long found = zxid < baseZxid ? -1 : baseZxid;
        for (Proposal proposal : recent) {
            found = proposal.zxid() <= zxid ? proposal.zxid() : found;
        }
        for (Proposal proposal : tail) {
            found = proposal.zxid() <= zxid ? proposal.zxid() : found;
        }
        return found;
    }

    /** The last proposal that has been applied; 0 if there never was one. */
    long lastAppliedZxid() {
        Proposal last = recent.peekLast();
        return last == null ? baseZxid : last.zxid();
    }

    /** The proposals behind {@code zxid} that have been applied, oldest first. */
    List<Proposal> appliedAfter(long zxid) {
        List<Proposal> after = new ArrayList<>();
        for (Proposal proposal : recent) {
            if (proposal.zxid() > zxid) {
                after.add(proposal);
            }
        }
        return after;
    }
}
