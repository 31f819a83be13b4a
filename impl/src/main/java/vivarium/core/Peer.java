package vivarium.core;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vivarium.core.session.Clients;
import vivarium.core.session.Expiry;
import vivarium.core.zab.Looking;
import vivarium.core.zab.Phase;
import vivarium.core.zab.Self;

/**
 * One server of an ensemble, as a deterministic state machine. Given the same birth and the same
 * steps it has the same effects, in the same order.
 *
 * <p>It belongs to one thread. The first step must be an {@link Input.WallClock}; it is also the
 * one with which the peer begins to look for a leader.
 */
public final class Peer {
    private final Settings settings;
    private final Effects effects;
    private final Self self;
    private Phase phase;
    private boolean begun;
    private long lastMillis = Long.MIN_VALUE;

    /**
     * A peer that has not begun yet.
     *
     * @param recovered what its disk holds
     * @param random where chance comes from, if the protocol wants some
     * @param effects what it can do to the world
     */
    public Peer(Settings settings, Recovered recovered, RandomGenerator random, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.self = new Self(settings, recovered, random, effects);
        this.phase = new Looking(self);
    }

    /**
     * Takes one input. One step is one atomic action of the specification.
     *
     * @param nowMillis a monotonic clock's time, from any start; never less than at the step before
     */
    public void step(long nowMillis, Input input) {
        Check.that(nowMillis >= lastMillis, "TimeIsMonotonic");
        lastMillis = nowMillis;
        self.before(nowMillis, input);
        if (begun) {
            become(phase.step(input));
        } else {
            Check.that(input instanceof Input.WallClock, "FirstInputIsTheWallClock");
            begun = true;
            begin();
        }
    }

    private void begin() {
        effects.entered(phase.name());
        become(phase.enter());
    }

    /** The only place where the phase changes, as long as each phase has another to go on with. */
    private void become(Phase next) {
        Phase following = next;
        while (following != phase) {
            Check.that(isLegal(phase.name(), following.name()), "PhasesFollowInOrder");
            phase.leave();
            phase = following;
            effects.entered(phase.name());
            following = phase.enter();
        }
    }

    /**
     * <pre>
     * LOOKING -> LEADER_DISCOVERY -> LEADER_SYNCHRONIZATION -> LEADER_BROADCAST
     * LOOKING -> LEARNER_DISCOVERY -> LEARNER_SYNCHRONIZATION -> LEARNER_BROADCAST
     * any of them -> LOOKING
     * </pre>
     */
    private static boolean isLegal(PhaseName from, PhaseName to) {
        return switch (to) {
            case LOOKING -> from != PhaseName.LOOKING;
            case LEADER_DISCOVERY -> from == PhaseName.LOOKING;
            case LEADER_SYNCHRONIZATION -> from == PhaseName.LEADER_DISCOVERY;
            case LEADER_BROADCAST -> from == PhaseName.LEADER_SYNCHRONIZATION;
            case LEARNER_DISCOVERY -> from == PhaseName.LOOKING;
            case LEARNER_SYNCHRONIZATION -> from == PhaseName.LEARNER_DISCOVERY;
            case LEARNER_BROADCAST -> from == PhaseName.LEARNER_SYNCHRONIZATION;
        };
    }

    /** By when the driver owes an {@link Input.Tick}; {@link Long#MAX_VALUE} for never. */
    public long deadlineMillis() {
        return phase.deadlineMillis();
    }

    /**
     * How many of the leader's messages are kept until the disk is ready for them; while there are
     * any, the driver may let the leader wait. To be read between steps.
     */
    public int heldMessages() {
        return phase.heldMessages();
    }

    /** How this peer is, for people and for checks; to be read between steps. */
    public Status status() {
        Clients clients = phase.clients();
        Replica replica = self.replica();
        return new Status(
                phase.name(),
                clients != null && !phase.name().isServing(),
                settings.ensemble().isAlone(),
                replica.lastProcessedZxid(),
                replica.digest(),
                replica.tree().nodeCount(),
                replica.tree().ephemeralCount(),
                replica.tree().approximateDataSize(),
                replica.sessionCount(),
                clients == null ? 0 : clients.waiting(),
                clients == null ? 0 : clients.watches().count(),
                clients == null ? 0 : clients.watches().pathCount(),
                clients == null ? 0 : clients.watches().watcherCount());
    }

    /** What the specification says of this peer; to be read between steps. */
    public Sketch sketch() {
        return self.sketch(phase);
    }

    /** The replicated state, to be read between steps. */
    public Replica replica() {
        return self.replica();
    }

    /** When sessions end, null while this peer does not decide that; to be read between steps. */
    public @Nullable Expiry expiry() {
        return phase.expiry();
    }

    /** The clients being served, null while this peer serves none; to be read between steps. */
    public @Nullable Clients clients() {
        return phase.clients();
    }
}
