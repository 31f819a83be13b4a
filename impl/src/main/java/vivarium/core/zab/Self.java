package vivarium.core.zab;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vivarium.core.Check;
import vivarium.core.Effects;
import vivarium.core.Input;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.Sketch;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.session.SessionIds;

/** What a peer keeps from one phase to the next. Fields say whether they survive a crash. */
public final class Self {
    final Settings settings;
    final Effects effects;
    final RandomGenerator random;

    /** Lost in a crash; made anew from the wall clock. */
    final SessionIds sessionIds;

    final SnapshotTaker snapshots;

    /** On disk, as the log; what is on its way there is lost. */
    final History history;

    /** On disk, as snapshots and log. Replaced when the leader sends its own. */
    private Replica replica;

    /**
     * The newest epoch that this peer has promised to, or is about to: nobody is told of a promise
     * before it is on disk. Never below the current one.
     */
    long acceptedEpoch;

    /** On disk: of the promises, the newest that a crash can't take back. */
    private long savedAcceptedEpoch;

    /**
     * Lost in a crash: to whom the accepted epoch was promised, or is about to be; -1 for unknown.
     */
    private long promisedTo = -1;

    /** On disk: the epoch whose history this peer holds. */
    long currentEpoch;

    /** Lost in a crash: the last election round. Others tell a newer one. */
    long round;

    /** What is told to those that look for a leader; null while this peer looks itself. */
    @Nullable Notification ballot;

    /** The log has been cut, and what is left has not been read yet: there is no replica. */
    private boolean reloading;

    /** The monotonic time of the step that is being taken. */
    long nowMillis;

    /** What to add to it to have the wall clock's time. */
    private long wallOffsetMillis;

    public Self(Settings settings, Recovered recovered, RandomGenerator random, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.random = random;
        this.replica = recovered.replica();
        this.acceptedEpoch = recovered.acceptedEpoch();
        this.savedAcceptedEpoch = recovered.acceptedEpoch();
        this.currentEpoch = recovered.currentEpoch();
        this.history =
                new History(effects, settings.recentProposals(), replica.lastProcessedZxid());
        this.sessionIds = new SessionIds(settings.ensemble().self());
        this.snapshots = new SnapshotTaker(settings, effects, random, recovered);
    }

    /**
     * What holds in every phase: time, the disk's answers, and what others are told who look for a
     * leader.
     */
    public void before(long now, Input input) {
        nowMillis = now;
        switch (input) {
            case Input.WallClock clock -> wallOffsetMillis = clock.offsetMillis();
            case Input.SnapshotRoom room -> snapshots.onRoom(room.znodes());
            case Input.LogIsLong _ -> snapshots.onLogIsLong();
            case Input.SnapshotSaved saved -> snapshots.onSaved(saved.zxid());
            case Input.SnapshotFailed _ -> snapshots.onFailed();
            case Input.Durable durable -> history.onDurable(durable.zxid());
            case Input.AcceptedEpochSaved saved -> {
                savedAcceptedEpoch = Math.max(savedAcceptedEpoch, saved.epoch());
                acceptedEpoch = Math.max(acceptedEpoch, saved.epoch());
            }
            case Input.CurrentEpochSaved saved ->
                    currentEpoch = Math.max(currentEpoch, saved.epoch());
            case Input.Reloaded reloaded -> onReloaded(reloaded.recovered());
            case Input.Notified notified -> onNotified(notified);
            case Input.Tick _, Input.LogRead _, Input.FromClient _, Input.FromPeer _ -> {}
        }
    }

    private void onNotified(Input.Notified notified) {
        Notification mine = ballot;
        if (mine != null && notified.notification().state() == Notification.State.LOOKING) {
            effects.notify(notified.sid(), mine);
        }
    }

    /** Begins to promise an epoch to a leader, for good: it goes to disk before it is told. */
    void promise(long epoch, long leader) {
        Check.less(acceptedEpoch, epoch, "EpochsGrow");
        acceptedEpoch = epoch;
        promisedTo = leader;
        effects.saveAcceptedEpoch(epoch);
    }

    /** Whether the newest promise would survive a crash, and so may be told. */
    boolean isPromiseSaved() {
        return savedAcceptedEpoch >= acceptedEpoch;
    }

    /** Whether the newest promise is known to have been made to this leader and to no other. */
    boolean hasPromisedTo(long leader) {
        return promisedTo == leader;
    }

    /** Cuts the log behind {@code zxid}; the replica too, if it has more. */
    void truncate(long zxid) {
        history.dropTail(zxid);
        reloading = true;
        effects.truncate(zxid);
    }

    private void onReloaded(Recovered recovered) {
        reloading = false;
        replica = recovered.replica();
        history.restart(replica.lastProcessedZxid());
        snapshots.reloaded(recovered);
    }

    /** The leader has sent its whole replica: it takes the place of all that was here. */
    void install(Replica received) {
        replica = received;
        history.restart(received.lastProcessedZxid());
        history.fuzzy(true);
        snapshots.install(received);
    }

    /** Whether the disk has what this peer goes by: neither a cut nor a replica is under way. */
    boolean isSettled() {
        return !reloading && !snapshots.isInstalling();
    }

    /** This peer has settled for a leader, in the round that it was in. */
    void follow(Notification.State state, Vote vote) {
        ballot = new Notification(state, vote, round);
    }

    /** The epoch is established: who looks for a leader must see that. */
    void established(long epoch) {
        Notification mine = ballot;
        if (mine != null) {
            Vote vote = new Vote(mine.vote().leader(), mine.vote().zxid(), epoch);
            ballot = new Notification(mine.state(), vote, mine.round());
        }
    }

    /** The replicated state. */
    public Replica replica() {
        return replica;
    }

    /** What the specification says of this peer, in the given phase. */
    public Sketch sketch(Phase phase) {
        Notification mine = ballot;
        return new Sketch(
                phase.name(),
                mine == null ? -1 : mine.vote().leader(),
                acceptedEpoch,
                savedAcceptedEpoch,
                currentEpoch,
                history.lastLoggedZxid(),
                history.durableZxid(),
                replica.lastProcessedZxid(),
                snapshots.savedZxid() >= 0,
                phase.heldMessages());
    }

    long wallMillis() {
        return nowMillis + wallOffsetMillis;
    }

    long ticks(int count) {
        return (long) count * settings.timing().tickMillis();
    }

    long id() {
        return settings.ensemble().self();
    }

    boolean isVoter() {
        return settings.ensemble().isVoter(id());
    }
}
