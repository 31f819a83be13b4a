package vivarium.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vivarium.core.CloseReason;
import vivarium.core.PhaseName;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;
import vivarium.net.Distribution;

/**
 * What is counted of the steps of a peer. Belongs to the loop's thread, so that counting costs a
 * few nanoseconds; nothing is allocated on the way of a write.
 */
final class LoopMeasures {
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

    /** A ring of proposals that are not both forced and applied, by ascending zxid. */
    private long[] zxids = new long[SMALLEST];

    private long[] millis = new long[SMALLEST];

    /** Each counts proposals from the first one on: what was added, forced, applied. */
    private long added;

    private long forced;
    private long applied;

    LoopMeasures() {
        Arrays.setAll(watchers, _ -> new Distribution());
    }

    void entered(PhaseName next, long nowMillis) {
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

    void appended(Proposal proposal, long nowMillis) {
        appended++;
        if (phase == PhaseName.LEADER_BROADCAST) {
            proposals++;
            // Nobody asked for it, so it has no number of a request.
            expired += proposal.txn() instanceof Txn.CloseSession && proposal.cxid() == 0 ? 1 : 0;
        } else {
            learnerProposals++;
        }
        if (added - Math.min(forced, applied) == zxids.length) {
            grow();
        }
        int at = (int) added & zxids.length - 1;
        zxids[at] = proposal.zxid();
        millis[at] = nowMillis;
        added++;
    }

    private void grow() {
        long[] newZxids = new long[zxids.length * 2];
        long[] newMillis = new long[zxids.length * 2];
        for (long i = Math.min(forced, applied); i < added; i++) {
            newZxids[(int) i & newZxids.length - 1] = zxids[(int) i & zxids.length - 1];
            newMillis[(int) i & newZxids.length - 1] = millis[(int) i & zxids.length - 1];
        }
        zxids = newZxids;
        millis = newMillis;
    }

    /** The disk has forced all up to {@code zxid}. */
    void forced(long zxid, long nowMillis) {
        while (forced < added && zxids[(int) forced & zxids.length - 1] <= zxid) {
            flushMillis.add(nowMillis - millis[(int) forced & zxids.length - 1]);
            forced++;
        }
    }

    /** The tree has all up to {@code zxid}; called once a turn. */
    void applied(long zxid, long nowMillis) {
        while (applied < added && zxids[(int) applied & zxids.length - 1] <= zxid) {
            long tookMillis = nowMillis - millis[(int) applied & zxids.length - 1];
            propagationMillis.add(tookMillis);
            applied++;
            if (phase == PhaseName.LEADER_BROADCAST) {
                commits++;
                proposalMillis.add(tookMillis);
            }
        }
        endEvent();
    }

    /** What was not applied by now is cut off. */
    void truncated() {
        added = 0;
        forced = 0;
        applied = 0;
    }

    void sent(Message message) {
        if (message instanceof Message.Diff) {
            diffs++;
        } else if (message instanceof Message.Snap) {
            snapshots++;
        }
    }

    void received(Message message) {
        learnerCommits += message instanceof Message.Commit ? 1 : 0;
    }

    void closed(CloseReason reason) {
        notServing += reason == CloseReason.NOT_SERVING ? 1 : 0;
    }

    /** One connection is told of {@code next}; all that are told of the same one follow. */
    void told(WatchEvent next) {
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
     */
    void report(Measures measures, boolean alone) {
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
