package vivarium.properties.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What two servers may differ in, and how it is made comparable: the zxid at which the try started,
 * the session ids.
 */
final class Scene {

    private final String parent;
    private final long startZxid;
    private final List<Long> sessions = new ArrayList<>();

    /**
     * @param parent path of the znode that the try has for itself
     * @param startZxid the zxid that created it
     */
    Scene(String parent, long startZxid) {
        this.parent = parent;
        this.startZxid = startZxid;
    }

    @Nullable String path(@Nullable String relative) {
        return relative == null ? null : relative.replace("~", parent);
    }

    List<String> paths(List<String> relative) {
        return relative.stream().map(path -> path.replace("~", parent)).toList();
    }

    long absolute(long relativeZxid) {
        return startZxid + relativeZxid;
    }

    /** The zxids before the try are not compared, but that they are before it is. */
    String zxid(long zxid) {
        if (zxid <= 0) {
            return Long.toString(zxid);
        }
        return zxid < startZxid ? "earlier" : "+" + (zxid - startZxid);
    }

    void opened(long sessionId) {
        if (!sessions.contains(sessionId)) {
            sessions.add(sessionId);
        }
    }

    String session(long id) {
        if (id == 0) {
            return "none";
        }
        int index = sessions.indexOf(id);
        return index < 0 ? "unknown" : "session" + index;
    }
}
