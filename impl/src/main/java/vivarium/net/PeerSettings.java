package vivarium.net;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server talks to the others of its ensemble.
 *
 * @param self this server's id
 * @param members every server of the ensemble, this one too, by ascending id
 * @param listensEverywhere whether it listens on all addresses of its machine, not only its own
 * @param severalAddresses whether it tells the others of all its addresses, and in the way that
 *     only newer servers understand
 * @param connectMillis how long a connection may take
 * @param greetingMillis how long one who has connected may take to say who it is
 * @param bindTries how often it is tried to listen where the port is taken; 0 for ever
 * @param aliveMillis a server that was heard of within this time is there
 * @param maxFieldBytes the longest string or buffer that is taken
 * @param version which list of members this is, 0 for one that was never changed
 * @param text the members as ZooKeeper writes them down
 */
public record PeerSettings(
        long self,
        List<Member> members,
        boolean listensEverywhere,
        boolean severalAddresses,
        int connectMillis,
        int greetingMillis,
        int bindTries,
        int aliveMillis,
        int maxFieldBytes,
        long version,
        String text) {
    public PeerSettings {
        members = List.copyOf(members);
    }

    /** The member called {@code sid}; null where there is none. */
    public @Nullable Member member(long sid) {
        for (Member member : members) {
            if (member.sid() == sid) {
                return member;
            }
        }
        return null;
    }

    /** This server itself. */
    public Member own() {
        Member own = member(self);
        if (own == null) {
            throw new IllegalStateException("server " + self + " is not one of the ensemble");
        }
        return own;
    }
}
