package vivarium.core.tree;

import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's rules for the path of a znode. They speak of characters of UTF-16, and are applied to
 * UTF-8 as it stands.
 */
final class PathRules {
    private static final int BYTE = 0xff;
    private static final int FOLLOWING = 0x3f;

    private PathRules() {}

    /** What is wrong with {@code path}, well-formed UTF-8; null if a znode may have it. */
    static @Nullable String fault(byte[] path) {
        if (path.length == 0 || path[0] != '/') {
            return "a path starts with /";
        }
        if (path.length == 1) {
            return null;
        }
        int start = 1;
        for (int i = 1; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                String wrong = componentFault(path, start, i);
                if (wrong != null) {
                    return wrong;
                }
                start = i + 1;
            } else if (beginsForbidden(path, i)) {
                return "a character that no name may have, at byte " + i;
            }
        }
        return null;
    }

    private static @Nullable String componentFault(byte[] path, int start, int end) {
        if (start == end) {
            return end == path.length ? "a path does not end with /" : "empty name at " + start;
        }
        boolean dots = path[start] == '.' && end - start <= 2 && path[end - 1] == '.';
        return dots ? "relative name at " + start : null;
    }

    /** Whether a forbidden character begins here; the bytes that go on with one begin none. */
    private static boolean beginsForbidden(byte[] path, int at) {
        int first = path[at] & BYTE;
        if (first < 0x80) {
            return first <= 0x1f || first == 0x7f;
        }
        if (first < 0xc0) {
            return false;
        }
        if (first >= 0xf0) {
            return true; // a pair of surrogates
        }
        int second = following(path, at + 1);
        if (first < 0xe0) {
            return ((first & 0x1f) << 6 | second) <= 0x9f;
        }
        int unit = (first & 0x0f) << 12 | second << 6 | following(path, at + 2);
        return (unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0;
    }

    private static int following(byte[] path, int at) {
        return at < path.length ? path[at] & FOLLOWING : 0;
    }
}
