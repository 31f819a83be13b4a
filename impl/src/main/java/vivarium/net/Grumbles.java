package vivarium.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of what clients do wrong: one line each with the address and the reason, but not more
 * lines than a person can read, so that nobody can fill a disk by misbehaving.
 */
final class Grumbles {
    private static final Logger LOG = LoggerFactory.getLogger("vivarium.clients");
    private static final int LINES_PER_WINDOW = 10;
    private static final long WINDOW_MILLIS = 1_000;

    private long windowStartMillis = Long.MIN_VALUE / 2;
    private int lines;
    private long unsaid;

    /** A client has done something wrong. */
    void say(long nowMillis, String address, String reason) {
        if (mayTalk(nowMillis)) {
            LOG.info("{} closed: {}", address, reason);
        }
    }

    /** This server has done something wrong to a client. */
    void fault(long nowMillis, String address, Throwable cause) {
        if (mayTalk(nowMillis)) {
            LOG.error("{} closed, by a fault of this server", address, cause);
        }
    }

    private boolean mayTalk(long nowMillis) {
        if (nowMillis - windowStartMillis >= WINDOW_MILLIS) {
            if (unsaid > 0) {
                LOG.info("{} more like these in a second", unsaid);
            }
            windowStartMillis = nowMillis;
            lines = 0;
            unsaid = 0;
        }
        if (lines < LINES_PER_WINDOW) {
            lines++;
            return true;
        }
        unsaid++;
        return false;
    }
}
