package vivarium.campaign;

import org.jspecify.annotations.Nullable;

/** Durations as people type them: {@code 90}, {@code 90s}, {@code 10m}, {@code 2h}. */
final class Durations {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MOST_SECONDS = 365L * 24 * 3_600;

    private Durations() {}

    /** In nanoseconds, null if it is none. */
    static @Nullable Long nanos(String text) {
        String unit = text.isEmpty() ? "" : text.substring(text.length() - 1);
        long seconds =
                switch (unit) {
                    case "m" -> 60;
                    case "h" -> 3_600;
                    default -> 1;
                };
        boolean hasUnit = unit.equals("s") || unit.equals("m") || unit.equals("h");
        String digits = hasUnit ? text.substring(0, text.length() - 1) : text;
        try {
            long number = Long.parseLong(digits);
            boolean fits = number >= 1 && number <= MOST_SECONDS / seconds;
            return fits ? number * seconds * NANOS_PER_SECOND : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
