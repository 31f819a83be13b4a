package vivarium.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of what others do wrong: one line each with the address and the reason, but not more
 * lines than a person can read, so that nobody can fill a disk by misbehaving.
 */
final class Grumbles {
    private static final int LINES_PER_WINDOW = 10;
    private static final long WINDOW_MILLIS = 1_000;

    private final Logger log;
    private long windowStartMillis = Long.MIN_VALUE / 2;
    private int lines;
    private long unsaid;

    /**
     * @param whose what the log is called: whose doings it tells of
     */
    Grumbles(String whose) {
        this.log = LoggerFactory.getLogger("vivarium." + whose);
    }

    /** Somebody has done something wrong. */
    void say(long nowMillis, String address, String reason) {
        if (mayTalk(nowMillis)) {
            log.info("{} closed: {}", address, reason);
        }
    }

    /** This server has done something wrong to somebody. */
    void fault(long nowMillis, String address, Throwable cause) {
        if (mayTalk(nowMillis)) {
            log.error("{} closed, by a fault of this server", address, cause);
        }
    }

    private boolean mayTalk(long nowMillis) {
        if (nowMillis - windowStartMillis >= WINDOW_MILLIS) {
            if (unsaid > 0) {
                log.info("{} more like these in a second", unsaid);
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

    /** What a client sent, made fit for a line of the log. */
    static String printable(String text) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return '"' + shown.replaceAll("[^ -~]", "?") + '"';
    }
}
