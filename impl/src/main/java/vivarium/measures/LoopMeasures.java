package vivarium.measures;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vivarium.core.CloseReason;
import vivarium.core.PhaseName;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;

/**
 * What is counted of the steps of a peer. Belongs to the loop's thread, so that counting costs a
 * few nanoseconds; nothing is allocated on the way of a write.
 */
public final class LoopMeasures {
    private static final int SMALLEST = 64;

    private final Distribution electionMillis = new Distribution();
    private final Distribution unavailableMillis = new Distribution();
    private final Distribution leaderUnavailableMillis = new Distribution();
    private final Distribution flushMillis = new Distribution();
    private final Distribution propagationMillis = new Distribution();
    private final Distribution proposalMillis = new Distribution();

    /** By the code of the event. */
    private final Distribution[] watchers = new Distribution[WatchEvent.Type.values().length + 1];

    private PhaseName phase = PhaseName.LOOKING;
    private long lookingSinceMillis = -1;
    private long lookings;
    private long appended;
    private long proposals;
    private long commits;
    private long learnerProposals;
    private long learnerCommits;
    private long diffs;
    private long snapshots;
    private long expired;
    private long notServing;
    private @Nullable WatchEvent event;
    private int told;

    /**
     * A ring of runs of proposals that are not both forced and applied: those of a turn with zxids
     * one behind the other, so that a turn's worth costs little more than one.
     */
    private long[] firstZxids = new long[SMALLEST];

    private long[] lastZxids = new long[SMALLEST];
    private long[] millis = new long[SMALLEST];

    /** Each counts runs from the first one on: what was added, wholly forced, wholly applied. */
    private long added;

    private long forced;
    private long applied;

    /** Up to here all that was added is counted as forced, or as applied. */
    private long forcedZxid;

    private long appliedZxid;

    public LoopMeasures() {
        Arrays.setAll(watchers, _ -> new Distribution());
    }

    /** The peer is in another phase. */
    public void entered(PhaseName next, long nowMillis) {
        if (next == PhaseName.LOOKING) {
            lookings++;
            lookingSinceMillis = nowMillis;
        } else if (phase == PhaseName.LOOKING && lookingSinceMillis >= 0) {
            electionMillis.add(nowMillis - lookingSinceMillis);
        }
        if (next.isServing() && lookingSinceMillis >= 0) {
            unavailableMillis.add(nowMillis - lookingSinceMillis);
            if (next == PhaseName.LEADER_BROADCAST) {
                leaderUnavailableMillis.add(nowMillis - lookingSinceMillis);
            }
        }
        phase = next;
    }

    /** The peer has given {@code proposal} to its log. */
    public void appended(Proposal proposal, long nowMillis) {
        appended++;
        if (phase == PhaseName.LEADER_BROADCAST) {
            proposals++;
            // Nobody asked for it, so it has no number of a request.
            expired += proposal.txn() instanceof Txn.CloseSession && proposal.cxid() == 0 ? 1 : 0;
        } else {
            learnerProposals++;
        }
        long zxid = proposal.zxid();
        int last = (int) (added - 1) & millis.length - 1;
        if (added > Math.max(forced, applied)
                && lastZxids[last] == zxid - 1
                && millis[last] == nowMillis) {
            lastZxids[last] = zxid;
            return;
        }
        if (added - Math.min(forced, applied) == millis.length) {
            grow();
        }
        int at = (int) added & millis.length - 1;
        firstZxids[at] = zxid;
        lastZxids[at] = zxid;
        millis[at] = nowMillis;
        added++;
    }

    private void grow() {
        firstZxids = grown(firstZxids);
        lastZxids = grown(lastZxids);
        millis = grown(millis);
    }

    private long[] grown(long[] ring) {
        long[] larger = new long[ring.length * 2];
        for (long i = Math.min(forced, applied); i < added; i++) {
            larger[(int) i & larger.length - 1] = ring[(int) i & ring.length - 1];
        }
        return larger;
    }

    /** The disk has forced all up to {@code zxid}. */
    public void forced(long zxid, long nowMillis) {
        while (forced < added) {
            int at = (int) forced & millis.length - 1;
            long upTo = Math.min(zxid, lastZxids[at]);
            long count = upTo - Math.max(forcedZxid, firstZxids[at] - 1);
            if (count > 0) {
                flushMillis.add(nowMillis - millis[at], count);
                forcedZxid = upTo;
            }
            if (upTo < lastZxids[at]) {
                return;
            }
            forced++;
        }
    }

    /** The tree has all up to {@code zxid}; called once a turn. */
    public void applied(long zxid, long nowMillis) {
        while (applied < added) {
            int at = (int) applied & millis.length - 1;
            long upTo = Math.min(zxid, lastZxids[at]);
            long count = upTo - Math.max(appliedZxid, firstZxids[at] - 1);
            if (count > 0) {
                onApplied(nowMillis - millis[at], count);
                appliedZxid = upTo;
            }
            if (upTo < lastZxids[at]) {
                break;
            }
            applied++;
        }
        endEvent();
    }

    private void onApplied(long tookMillis, long count) {
        propagationMillis.add(tookMillis, count);
        if (phase == PhaseName.LEADER_BROADCAST) {
            commits += count;
            proposalMillis.add(tookMillis, count);
        }
    }

    /** What was not applied by now is cut off. */
    public void truncated() {
        added = 0;
        forced = 0;
        applied = 0;
        forcedZxid = 0;
        appliedZxid = 0;
    }

    /** The peer has sent {@code message} to another server. */
    public void sent(Message message) {
        if (message instanceof Message.Diff) {
            diffs++;
        } else if (message instanceof Message.Snap) {
            snapshots++;
        }
    }

    /** The peer is given {@code message} of another server. */
    public void received(Message message) {
        learnerCommits += message instanceof Message.Commit ? 1 : 0;
    }

    /** A connection is closed. */
    public void closed(CloseReason reason) {
        notServing += reason == CloseReason.NOT_SERVING ? 1 : 0;
    }

    /** One connection is told of {@code next}; all that are told of the same one follow. */
    public void told(WatchEvent next) {
        if (!next.equals(event)) {
            endEvent();
            event = next;
        }
        told++;
    }

    private void endEvent() {
        WatchEvent ended = event;
        if (ended != null) {
            watchers[ended.type().code()].add(told);
            event = null;
            told = 0;
        }
    }

    /**
     * ZooKeeper's standalone server leaves what concerns an ensemble at 0, and so does this one.
     *
     * @param measures takes the values of this moment
     */
    public void report(Measures measures, boolean alone) {
        measures.count("looking_count", alone ? 0 : lookings);
        measures.count("proposal_count", alone ? 0 : proposals);
        measures.count("commit_count", alone ? 0 : commits);
        measures.count("learner_proposal_received_count", learnerProposals);
        measures.count("learner_commit_received_count", learnerCommits);
        measures.count("diff_count", diffs);
        measures.count("snap_count", snapshots);
        measures.count("stale_sessions_expired", expired);
        measures.count("cnxn_closed_without_zk_server_running", notServing);
        measures.count("sync_processor_request_queued", appended);
        measures.summary("election_time", electionMillis);
        measures.summary("unavailable_time", unavailableMillis);
        measures.summary("leader_unavailable_time", leaderUnavailableMillis);
        measures.percentiles("sync_processor_queue_and_flush_time_ms", flushMillis);
        measures.percentiles("propagation_latency", propagationMillis);
        measures.percentiles("proposal_latency", proposalMillis);
        measures.summary("node_created_watch_count", of(WatchEvent.Type.CREATED));
        measures.summary("node_deleted_watch_count", of(WatchEvent.Type.DELETED));
        measures.summary("node_changed_watch_count", of(WatchEvent.Type.DATA_CHANGED));
        measures.summary("node_children_watch_count", of(WatchEvent.Type.CHILDREN_CHANGED));
    }

    private Distribution of(WatchEvent.Type type) {
        return watchers[type.code()];
    }
}
