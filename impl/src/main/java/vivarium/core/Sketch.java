package vivarium.core;

/**
 * What the specification says of a peer, as it is between two steps: the variables of the module
 * Zab that a step can be held to.
 *
 * @param leader the sid of the server that this one has settled on, -1 for none
 * @param acceptedEpoch the newest epoch promised, or about to be
 * @param savedAcceptedEpoch the newest promise that is on disk
 * @param currentEpoch the epoch whose history this peer holds
 * @param lastLoggedZxid the end of its log
 * @param durableZxid up to where the log would survive a power cut
 * @param shownZxid the newest transaction that its tree shows, or the mark of a newer epoch
 * @param hasSnapshot whether there is a snapshot on disk
 * @param heldMessages how many of the leader's messages wait for the disk
 */
public record Sketch(
        PhaseName phase,
        long leader,
        long acceptedEpoch,
        long savedAcceptedEpoch,
        long currentEpoch,
        long lastLoggedZxid,
        long durableZxid,
        long shownZxid,
        boolean hasSnapshot,
        int heldMessages) {}
