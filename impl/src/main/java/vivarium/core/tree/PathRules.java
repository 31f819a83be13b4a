package vivarium.core.tree;

import org.jspecify.annotations.Nullable;

/** ZooKeeper's rules for the path of a znode. */
final class PathRules {
    private PathRules() {}

    /** What is wrong with {@code path}, or null if a znode may have it. */
    static @Nullable String fault(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return "a path starts with /";
        }
        if (path.length() == 1) {
            return null;
        }
        int start = 1;
        for (int i = 1; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                String wrong = componentFault(path, start, i);
                if (wrong != null) {
                    return wrong;
                }
                start = i + 1;
            } else if (isForbidden(path.charAt(i))) {
                return "character U+" + Integer.toHexString(path.charAt(i)) + " at " + i;
            }
        }
        return null;
    }

    private static @Nullable String componentFault(String path, int start, int end) {
        if (start == end) {
            return end == path.length() ? "a path does not end with /" : "empty name at " + start;
        }
        boolean dots = path.charAt(start) == '.' && end - start <= 2 && path.charAt(end - 1) == '.';
        return dots ? "relative name at " + start : null;
    }

    private static boolean isForbidden(char c) {
        return c <= 0x1f || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
    }
}
