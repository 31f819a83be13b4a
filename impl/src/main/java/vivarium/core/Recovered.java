package vivarium.core;

/**
 * What a peer starts from: the state that its disk holds.
 *
 * @param replica the newest valid snapshot with all of the log behind it applied
 * @param acceptedEpoch the newest epoch that this peer has promised to
 * @param currentEpoch the epoch whose history this peer holds
 * @param snapshotZxid the name of the newest valid snapshot, -1 where there is none
 * @param txnsSinceSnapshot how many transactions the log holds behind that snapshot
 */
public record Recovered(
        Replica replica,
        long acceptedEpoch,
        long currentEpoch,
        long snapshotZxid,
        int txnsSinceSnapshot) {}
