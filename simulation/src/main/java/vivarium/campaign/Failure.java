package vivarium.campaign;

import java.util.List;

/**
 * A seed whose run broke something.
 *
 * @param message who broke it and by what, in one line
 */
record Failure(long seed, String invariant, String message) {
    /** Runs that came to no end broke none of the rules for what may be done. */
    private static final List<String> OF_LIVENESS =
            List.of("Progress", "Quiet", "EventsAreBounded", Patience.INVARIANT);

    private static final int MOST_MESSAGE = 2_000;

    Failure {
        message = oneLine(message);
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() > MOST_MESSAGE ? line.substring(0, MOST_MESSAGE) + "..." : line;
    }

    /** Whether something did not happen, as opposed to something that must not. */
    boolean isOfLiveness() {
        return OF_LIVENESS.contains(invariant);
    }

    @Override
    public String toString() {
        return (isOfLiveness() ? "(liveness) " : "") + message;
    }
}
