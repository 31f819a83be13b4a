package vivarium.benchmarks.compare;

import com.google.errorprone.annotations.FormatMethod;
import java.io.PrintStream;
import java.util.Locale;

/**
 * How far a measurement has come: a bar and the time that is left, before each line that it says of
 * itself. What is left is what was planned, stretched as what is over has been.
 */
public final class Progress {
    private static final int CELLS = 20;

    private final PrintStream out;
    private final double plannedSeconds;
    private final long startNanos = System.nanoTime();
    private double doneSeconds;

    /**
     * @param plannedSeconds how long all of it should take; what is done later adds up to that
     */
    public Progress(PrintStream out, double plannedSeconds) {
        this.out = out;
        this.plannedSeconds = plannedSeconds;
    }

    /** Something for which so many seconds were planned is over. */
    public void done(double seconds) {
        doneSeconds += seconds;
    }

    /** One line, behind the bar. */
    @FormatMethod
    public void say(String format, Object... arguments) {
        double elapsed = (System.nanoTime() - startNanos) / 1e9;
        out.println(
                bar(doneSeconds, plannedSeconds, elapsed)
                        + "  "
                        + String.format(Locale.ROOT, format, arguments));
    }

    static String bar(double done, double planned, double elapsed) {
        double share = planned > 0 ? Math.min(1, done / planned) : 1;
        double left = share > 0 ? elapsed * (1 - share) / share : planned;
        int full = (int) (CELLS * share);
        int seconds = (int) Math.ceil(left);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f %%, %d:%02d left",
                "#".repeat(full),
                ".".repeat(CELLS - full),
                100 * share,
                seconds / 60,
                seconds % 60);
    }
}
