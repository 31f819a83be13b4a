package vivarium.core.zab;

import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.session.Clients;
import vivarium.core.session.Expiry;

/**
 * What a peer is doing: one class a phase, with just the fields that mean something in it. What a
 * phase does not pass on when it ends is gone.
 */
public sealed interface Phase
        permits Looking,
                LeaderDiscovery,
                LeaderSynchronization,
                LeaderBroadcast,
                LearnerDiscovery,
                LearnerSynchronization,
                LearnerBroadcast {

    /** Its name. */
    PhaseName name();

    /** Begins; the phase to go on with, which may be another one already. */
    Phase enter();

    /** Takes one input; the phase to go on with, which is mostly this one. */
    Phase step(Input input);

    /** Ends: whoever depends on this phase must be told. */
    void leave();

    /** When it wants a {@link Input.Tick} at the latest, {@link Long#MAX_VALUE} for never. */
    long deadlineMillis();

    /** The clients it serves, null where it serves none. */
    default @Nullable Clients clients() {
        return null;
    }

    /** When sessions end, null where another server decides that. */
    default @Nullable Expiry expiry() {
        return null;
    }

    /** How many of the leader's messages wait for the disk. */
    default int heldMessages() {
        return 0;
    }
}
