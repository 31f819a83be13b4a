package vivarium.core.zab;

import java.util.random.RandomGenerator;
import vivarium.core.Effects;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.session.SessionIds;

/** What a peer keeps from one phase to the next. Fields say whether they survive a crash. */
public final class Self {
    final Settings settings;
    final Effects effects;
    final RandomGenerator random;

    /** On disk, as snapshots and log. */
    final Replica replica;

    /** Lost in a crash; made anew from the wall clock. */
    final SessionIds sessionIds;

    final SnapshotTaker snapshots;

    /** On disk: the newest epoch that this peer has promised to. Never below the current one. */
    long acceptedEpoch;

    /** On disk: the epoch whose history this peer holds. */
    long currentEpoch;

    /** The monotonic time of the step that is being taken. */
    long nowMillis;

    /** What to add to it to have the wall clock's time. */
    long wallOffsetMillis;

    /** The last transaction in the log, committed or not. Never below the last processed one. */
    long lastLoggedZxid;

    public Self(
            Settings settings, Recovered recovered, RandomGenerator random, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.random = random;
        this.replica = recovered.replica();
        this.acceptedEpoch = recovered.acceptedEpoch();
        this.currentEpoch = recovered.currentEpoch();
        this.lastLoggedZxid = replica.lastProcessedZxid();
        this.sessionIds = new SessionIds(settings.ensemble().self());
        this.snapshots = new SnapshotTaker(settings, effects, random, recovered);
    }

    /** The time has come to {@code nowMillis}. */
    public void at(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** The wall clock differs by this much from the time that steps are given. */
    public void wallOffset(long offsetMillis) {
        this.wallOffsetMillis = offsetMillis;
    }

    /** The replicated state. */
    public Replica replica() {
        return replica;
    }

    /** The snapshot under way, and when the next one is due. */
    public SnapshotTaker snapshots() {
        return snapshots;
    }

    long wallMillis() {
        return nowMillis + wallOffsetMillis;
    }
}
