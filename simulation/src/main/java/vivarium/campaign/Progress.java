package vivarium.campaign;

import java.util.List;
import java.util.Locale;
import vivarium.simulation.Sometimes;

/** How far a campaign is, in one line. */
final class Progress {
    private static final int BAR = 12;
    private static final double MICROS = 1e6;

    private final Ledger before;
    private final long startNanos;
    private final long endNanos;
    private final boolean hasEnd;

    /**
     * @param before what was done when this process began; speeds are of this process alone
     * @param endNanos when time is over, by {@link System#nanoTime}
     * @param hasEnd whether it ends by time
     */
    Progress(Ledger before, long startNanos, long endNanos, boolean hasEnd) {
        this.before = before;
        this.startNanos = startNanos;
        this.endNanos = endNanos;
        this.hasEnd = hasEnd;
    }

    /** A short line, such as {@code [######------] 50% 50/100 seeds 4.1/s 160 sim s/s ...}. */
    String line(Ledger now) {
        double seconds = seconds();
        Seeds own = now.task().own();
        List<Sometimes> paths = Sometimes.of(now.task().options());
        return bar(now)
                + brief((double) now.done())
                + (own.isOpen() ? "" : "/" + brief((double) own.count()))
                + " seeds "
                + brief(since(now, "done") / seconds)
                + "/s "
                + brief(since(now, "micros") / MICROS / seconds)
                + " sim s/s "
                + brief(since(now, "events") / seconds)
                + " events/s "
                + brief((double) now.injected())
                + " faults "
                + paths.stream().filter(now::hasSeen).count()
                + "/"
                + paths.size()
                + " marks "
                + now.failed()
                + " failed"
                + left(now, seconds);
    }

    /** Three figures are enough for a glance. */
    private static String brief(double number) {
        String unit = number >= 1e6 ? "M" : number >= 1e4 ? "k" : "";
        double shown = number >= 1e6 ? number / 1e6 : number >= 1e4 ? number / 1e3 : number;
        boolean isWhole = shown == Math.rint(shown) || shown >= 100;
        return String.format(Locale.ROOT, isWhole ? "%.0f%s" : "%.1f%s", shown, unit);
    }

    /** What was done, in full. */
    String summary(Ledger now) {
        return numbers(now) + speeds(now, seconds());
    }

    private double seconds() {
        return Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    }

    /** How much is done, from 0 to 1. */
    private double share(Ledger now) {
        Seeds own = now.task().own();
        double byCount =
                own.isOpen() ? 0 : own.count() == 0 ? 1 : now.done() / (double) own.count();
        double whole = endNanos - startNanos;
        double byTime = hasEnd ? (System.nanoTime() - startNanos) / whole : 0;
        return Math.min(1, Math.max(byCount, byTime));
    }

    private String bar(Ledger now) {
        double share = share(now);
        int full = (int) (share * BAR);
        return String.format(
                Locale.ROOT,
                "[%s%s] %d%% ",
                "#".repeat(full),
                "-".repeat(BAR - full),
                (int) (share * 100));
    }

    private static String numbers(Ledger now) {
        Seeds own = now.task().own();
        long seen = Sometimes.of(now.task().options()).stream().filter(now::hasSeen).count();
        return String.format(
                Locale.ROOT,
                "%,d%s seeds, %d failed, %,d faults, %d/%d marks",
                now.done(),
                own.isOpen() ? "" : String.format(Locale.ROOT, "/%,d", own.count()),
                now.failed(),
                now.injected(),
                seen,
                Sometimes.of(now.task().options()).size());
    }

    private String speeds(Ledger now, double seconds) {
        return String.format(
                Locale.ROOT,
                "; %.1f seeds/s, %,.0f simulated s/s, %,.0f events/s",
                since(now, "done") / seconds,
                since(now, "micros") / MICROS / seconds,
                since(now, "events") / seconds);
    }

    private long since(Ledger now, String counted) {
        return now.number(counted) - before.number(counted);
    }

    private String left(Ledger now, double seconds) {
        Seeds own = now.task().own();
        double byTime = hasEnd ? (endNanos - System.nanoTime()) / 1e9 : Double.MAX_VALUE;
        double perSecond = since(now, "done") / seconds;
        double byCount =
                own.isOpen() || perSecond == 0
                        ? Double.MAX_VALUE
                        : (own.count() - now.done()) / perSecond;
        double left = Math.min(byTime, byCount);
        return left > 1e9 ? "" : " " + clock((long) Math.max(0, left)) + " left";
    }

    /** Seconds as {@code 4:05} or {@code 2:04:05}. */
    static String clock(long seconds) {
        return seconds < 3_600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        seconds / 3_600,
                        seconds / 60 % 60,
                        seconds % 60);
    }
}
