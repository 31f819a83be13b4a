package vivarium.core.tree;

/**
 * What a client is told about a znode besides its data.
 *
 * @param czxid the transaction that created it
 * @param mzxid the transaction that last set its data
 * @param ctimeMillis when it was created, by the leader's wall clock
 * @param mtimeMillis when its data was last set, by the leader's wall clock
 * @param version how often its data was set
 * @param cversion how often a child was created or deleted
 * @param aversion how often its access list was set
 * @param ephemeralOwner the session that it dies with; 0 for any other kind of znode
 * @param dataLength length of the data in bytes; 0 for no data as well
 * @param numChildren number of its children
 * @param pzxid the transaction that last created or deleted a child
 */
public record Stat(
        long czxid,
        long mzxid,
        long ctimeMillis,
        long mtimeMillis,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        int dataLength,
        int numChildren,
        long pzxid) {

    /**
     * The same of the znode that shows the ensemble's members, as Apache's servers put them there:
     * without counting it as a write.
     */
    public Stat ofMembers(int length) {
        return new Stat(
                czxid,
                mzxid,
                ctimeMillis,
                mtimeMillis,
                -1,
                cversion,
                aversion,
                ephemeralOwner,
                length,
                numChildren,
                pzxid);
    }
}
