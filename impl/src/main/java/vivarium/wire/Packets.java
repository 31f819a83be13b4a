package vivarium.wire;

import java.util.List;
import vivarium.core.tree.Identity;
import vivarium.core.zab.Message;

/** What one of the two sides of a link says, packet by packet. */
interface Packets {
    /** In place of the length of data that is not there. */
    int NO_DATA = JuteWriter.NULL_LENGTH;

    /**
     * What a packet says.
     *
     * @param array has the data, which it only lends, from {@code at} on
     * @param length of the data, {@link #NO_DATA} if there is none
     * @throws MalformedException if this side says no such thing, or not like that
     */
    Message message(
            int type, long zxid, byte[] array, int at, int length, List<Identity> identities)
            throws MalformedException;

    /** A window on the data, which must be there. */
    static JuteReader over(JuteReader data, int type, byte[] array, int at, int length)
            throws MalformedException {
        if (length == NO_DATA) {
            throw new MalformedException("no data in a packet of type " + type);
        }
        return data.over(array, at, length);
    }

    /** A packet that has no place here. */
    static MalformedException unexpected(int type, String by) {
        return new MalformedException("packet of type " + type + " by a " + by);
    }
}
