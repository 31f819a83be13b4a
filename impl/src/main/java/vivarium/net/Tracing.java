package vivarium.net;

import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.watch.WatchEvent;

/**
 * What clients and this server say to each other, as lines of the log {@code vivarium.trace} at the
 * level TRACE. Operators choose the kinds of lines while the server runs, by a mask with the bits
 * that ZooKeeper gives them. Belongs to the loop's thread.
 */
public final class Tracing {
    /** Requests and their replies, pings excepted. */
    private static final long REQUESTS = 1 << 1;

    private static final long PINGS = 1 << 3;

    /** Sessions that begin, go on elsewhere, or are refused; connections that end. */
    private static final long SESSIONS = 1 << 5;

    /** What watches tell. */
    private static final long EVENTS = 1 << 6;

    /** What ZooKeeper starts with: requests, packets between servers, sessions, warnings. */
    private static final long INITIAL = REQUESTS | 1 << 4 | SESSIONS | 1 << 8;

    private static final Logger LOG = LoggerFactory.getLogger("vivarium.trace");

    private long mask = INITIAL;

    /** The kinds that are written now. */
    public long mask() {
        return mask;
    }

    /** From now on these kinds are written; bits without a meaning here are kept all the same. */
    public void mask(long newMask) {
        mask = newMask;
    }

    void request(
            InetSocketAddress client, long sessionId, String does, OperationName name, int xid) {
        if (wants(name == OperationName.PING ? PINGS : REQUESTS)) {
            LOG.trace("{} session 0x{} {}: {} xid {}", client, hex(sessionId), does, name, xid);
        }
    }

    void event(InetSocketAddress client, long sessionId, WatchEvent event) {
        if (wants(EVENTS)) {
            LOG.trace("{} session 0x{} is told: {}", client, hex(sessionId), event);
        }
    }

    void session(InetSocketAddress client, long sessionId, String does) {
        if (wants(SESSIONS)) {
            LOG.trace("{} session 0x{} {}", client, hex(sessionId), does);
        }
    }

    private boolean wants(long kind) {
        return (mask & kind) != 0 && LOG.isTraceEnabled();
    }

    private static String hex(long number) {
        return Long.toHexString(number);
    }
}
