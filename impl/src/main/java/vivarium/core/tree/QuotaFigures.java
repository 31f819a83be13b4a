package vivarium.core.tree;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * The figures of a quota, as its znodes have them: limits in one, what is used in the other. The
 * text is ZooKeeper's, {@code count=1,bytes=2}, with hard limits behind it as in {@code
 * count=1,bytes=2=;byteHardLimit=3;countHardLimit=4}.
 *
 * @param count how many znodes, -1 for no limit
 * @param bytes how many bytes of data, -1 for no limit
 * @param countHard how many znodes at most where quotas are enforced, -1 for no limit
 * @param bytesHard how many bytes of data at most where quotas are enforced, -1 for no limit
 */
public record QuotaFigures(long count, long bytes, long countHard, long bytesHard) {
    /** No limits; or nothing known. */
    public static final QuotaFigures NONE = new QuotaFigures(-1, -1, -1, -1);

    /** What is used. */
    public static QuotaFigures used(long count, long bytes) {
        return new QuotaFigures(count, bytes, -1, -1);
    }

    /** The figures that {@code data} tells; null if it is no such text. */
    public static @Nullable QuotaFigures read(@Nullable Bytes data) {
        if (data == null) {
            return null;
        }
        String text = data.utf8();
        QuotaFigures figures = NONE;
        int start = 0;
        while (start < text.length()) {
            int end = endOfPart(text, start);
            if (end > start) {
                figures = figures.with(text.substring(start, end));
                if (figures == null) {
                    return null;
                }
            }
            start = end + 1;
        }
        return figures;
    }

    private static int endOfPart(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ';') {
            end++;
        }
        return end;
    }

    /** One {@code key=number}; what comes behind a second {@code =} means nothing. */
    private @Nullable QuotaFigures with(String part) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            return null;
        }
        int end = part.indexOf('=', equals + 1);
        String number = part.substring(equals + 1, end < 0 ? part.length() : end);
        long value;
        try {
            value = number.isEmpty() ? -1 : Long.parseLong(number);
        } catch (NumberFormatException _) {
            return null;
        }
        return switch (part.substring(0, equals)) {
            case "count" -> new QuotaFigures(value, bytes, countHard, bytesHard);
            case "bytes" -> new QuotaFigures(count, value, countHard, bytesHard);
            case "countHardLimit" -> new QuotaFigures(count, bytes, value, bytesHard);
            case "byteHardLimit" -> new QuotaFigures(count, bytes, countHard, value);
            default -> this;
        };
    }

    /** These figures as the text of a znode. */
    public Bytes text() {
        StringBuilder text = new StringBuilder(48);
        text.append("count=").append(count).append(",bytes=").append(bytes);
        if (bytesHard != -1 || countHard != -1) {
            text.append('=');
        }
        if (bytesHard != -1) {
            text.append(";byteHardLimit=").append(bytesHard);
        }
        if (countHard != -1) {
            text.append(";countHardLimit=").append(countHard);
        }
        return Bytes.utf8(text.toString());
    }
}
