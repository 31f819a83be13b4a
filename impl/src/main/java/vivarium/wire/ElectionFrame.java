package vivarium.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.election.Notification;

/** What comes over a connection between the election ports of two servers. */
public sealed interface ElectionFrame {

    /**
     * Who calls; the first on every connection, by the side that opened it.
     *
     * @param sid the server's id, or {@link #ANY_OBSERVER}
     * @param addresses where it can be called back; none from servers before 3.5, or where it
     *     listens on all addresses
     */
    record Greeting(long sid, List<Address> addresses) implements ElectionFrame {
        /** In place of an id: one of perhaps several observers that have none. */
        public static final long ANY_OBSERVER = Long.MAX_VALUE;
    }

    /** A host and the port that it listens on, 0 to 65535. */
    record Address(String host, int port) {}

    /**
     * A vote.
     *
     * @param version of the notification: 2 today, 0 from servers that tell none
     * @param config the text of the sender's configuration, null below version 2
     */
    record Told(Notification notification, int version, @Nullable Bytes config)
            implements ElectionFrame {}

    /** A notification that says nothing one could go by; the next may be better. */
    record Ignored(String reason) implements ElectionFrame {}
}
