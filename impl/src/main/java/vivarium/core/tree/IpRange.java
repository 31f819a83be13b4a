package vivarium.core.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses and ranges of addresses in access lists: {@code address} or {@code address/bits}. */
final class IpRange {
    private static final int[] NONE = {};

    private IpRange() {}

    static boolean isValid(String range) {
        return bits(range) >= 0;
    }

    /** Whether {@code address} lies in {@code range}. */
    static boolean covers(String range, String address) {
        int bits = bits(range);
        int[] first = bytes(addressPart(range));
        int[] asked = bytes(address);
        if (bits < 0 || first.length != asked.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if ((first[i >> 3] & mask) != (asked[i >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static String addressPart(String range) {
        int slash = range.indexOf('/');
        return slash < 0 ? range : range.substring(0, slash);
    }

    /** How many leading bits count, -1 if this is no range. */
    private static int bits(String range) {
        int all = bytes(addressPart(range)).length * 8;
        int slash = range.indexOf('/');
        if (all == 0) {
            return -1;
        }
        if (slash < 0) {
            return all;
        }
        int bits = decimal(range.substring(slash + 1), 3);
        return bits <= all ? bits : -1;
    }

    /** The bytes of an IPv4 or IPv6 address, none if it is neither. */
    private static int[] bytes(String address) {
        return address.indexOf(':') < 0 ? v4(address) : v6(address);
    }

    private static int[] v4(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            return NONE;
        }
        int[] bytes = new int[4];
        for (int i = 0; i < 4; i++) {
            bytes[i] = decimal(parts[i], 3);
            if (bytes[i] < 0 || bytes[i] > 255) {
                return NONE;
            }
        }
        return bytes;
    }

    /** Groups of up to four hexadecimal digits; a double colon stands for as many zeros as fit. */
    private static int[] v6(String address) {
        int zone = address.indexOf('%');
        String text = zone < 0 ? address : address.substring(0, zone);
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] all = groups(text);
            return all != null && all.length == 16 ? all : NONE;
        }
        int[] head = groups(text.substring(0, gap));
        int[] tail = groups(text.substring(gap + 2));
        if (head == null || tail == null || head.length + tail.length > 14) {
            return NONE;
        }
        int[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    private static int @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        String[] parts = text.split(":", -1);
        int[] bytes = new int[parts.length * 2];
        for (int i = 0; i < parts.length; i++) {
            int group = hexadecimal(parts[i]);
            if (group < 0) {
                return null;
            }
            bytes[2 * i] = group >> 8;
            bytes[2 * i + 1] = group & 0xff;
        }
        return bytes;
    }

    private static int hexadecimal(String digits) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return digits.isEmpty() || digits.length() > 4 ? -1 : value;
    }

    private static int decimal(String digits, int longest) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 10);
            if (digit < 0) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return digits.isEmpty() || digits.length() > longest ? -1 : value;
    }
}
