package vivarium.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Names that end in a zxid: {@code log.1f}, {@code snapshot.1f}, {@code snapshot.1f.gz}. */
final class FileNames {
    static final String LOG = "log";
    static final String SNAPSHOT = "snapshot";

    private static final int HEX = 16;

    private FileNames() {}

    /**
     * A file and the zxid in its name.
     *
     * @param zxid taken as ZooKeeper takes it: as an unsigned number of up to 16 digits
     */
    record Named(String name, long zxid) {}

    static String of(String kind, long zxid) {
        return kind + "." + Long.toHexString(zxid);
    }

    /** All files of this kind, by ascending zxid; whatever else there is is left out. */
    static List<Named> select(List<String> names, String kind, List<String> endings) {
        List<Named> selected = new ArrayList<>();
        for (String name : names) {
            for (String ending : endings) {
                String prefix = kind + ".";
                int end = name.length() - ending.length();
                if (name.startsWith(prefix) && name.endsWith(ending) && end > prefix.length()) {
                    String digits = name.substring(prefix.length(), end);
                    if (isHex(digits)) {
                        selected.add(new Named(name, Long.parseUnsignedLong(digits, HEX)));
                    }
                }
            }
        }
        selected.sort(Comparator.comparingLong(Named::zxid).thenComparing(Named::name));
        return selected;
    }

    private static boolean isHex(String digits) {
        if (digits.isEmpty() || digits.length() > HEX) {
            return false;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (Character.digit(digits.charAt(i), HEX) < 0) {
                return false;
            }
        }
        return true;
    }
}
