package vivarium.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vivarium.simulation.Sometimes;
import vivarium.simulation.TimedFault;

/** What a campaign has done, as one page that needs nothing else and runs no script. */
final class ReportPage {
    static final String FILE = "report.html";

    private static final int MOST_FAILURES = 200;

    private final Ledger ledger;
    private final ReportFolder folder;
    private final List<String> notes;
    private final StringBuilder page = new StringBuilder();

    private ReportPage(Ledger ledger, ReportFolder folder, List<String> notes) {
        this.ledger = ledger;
        this.folder = folder;
        this.notes = notes;
    }

    static String html(Ledger ledger, ReportFolder folder) throws IOException {
        return html(ledger, folder, List.of());
    }

    /**
     * The page.
     *
     * @param folder where it will lie; it links to the diagrams that are there
     * @param notes what else people should know, a line each
     */
    static String html(Ledger ledger, ReportFolder folder, List<String> notes) throws IOException {
        ReportPage made = new ReportPage(ledger, folder, notes);
        made.verdict();
        made.tiles();
        made.failures();
        made.faults();
        made.paths();
        made.seeds();
        return frame().replace("<!--BODY-->", made.page);
    }

    private static String frame() throws IOException {
        try (InputStream frame = ReportPage.class.getResourceAsStream("report.html")) {
            if (frame == null) {
                throw new IOException("report.html is missing in the jar");
            }
            return new String(frame.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private ReportPage put(String html, Object... values) {
        Object[] escaped = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            escaped[i] =
                    values[i] instanceof Number ? values[i] : escape(String.valueOf(values[i]));
        }
        page.append(String.format(html, escaped)).append('\n');
        return this;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void verdict() {
        SeedSet missing = ledger.missing();
        boolean good = ledger.failed() == 0;
        put("<header class=\"%s\">", good ? "good" : "bad");
        if (good) {
            put("<h1>Everything held in %,d runs</h1>", ledger.done());
        } else {
            put("<h1>%,d of %,d runs failed</h1>", ledger.failed(), ledger.done());
        }
        put("<p>%s</p>", ledger.task().description());
        if (!missing.isEmpty()) {
            put("<p class=\"note\">Not finished: seeds not run: %s</p>", missing);
        }
        notes.forEach(note -> put("<p class=\"note\">%s</p>", note));
        put("</header>");
    }

    private void tiles() {
        double seconds = Math.max(1e-3, ledger.number("elapsed-millis") / 1e3);
        put("<section class=\"tiles\">");
        tile("runs", String.format("%,d", ledger.done()));
        tile("faults injected", String.format("%,d", ledger.injected()));
        tile("simulated time", Progress.clock(ledger.number("micros") / 1_000_000));
        tile("events", String.format("%,d", ledger.number("events")));
        tile("clients' operations", String.format("%,d", ledger.number("operations")));
        tile("real time", Progress.clock((long) seconds));
        tile("events a second", String.format("%,.0f", ledger.number("events") / seconds));
        tile(
                "rare paths taken",
                (Sometimes.of(ledger.task().options()).size() - ManyRuns.neverSeen(ledger).size())
                        + " of "
                        + Sometimes.of(ledger.task().options()).size());
        put("</section>");
    }

    private void tile(String label, String value) {
        put("<div><b>%s</b><span>%s</span></div>", value, label);
    }

    // ---- failures

    private void failures() {
        if (ledger.failed() == 0) {
            return;
        }
        put("<section><h2>Failures</h2>");
        put("<table><thead><tr><th>seed</th><th>what did not hold</th><th>to run it again</th>");
        put("<th>looked at closely</th></tr></thead><tbody>");
        int shown = 0;
        for (Failure failure : ledger.failures()) {
            if (shown++ < MOST_FAILURES) {
                failure(failure);
            }
        }
        put("</tbody></table>");
        if (ledger.failed() > MOST_FAILURES) {
            put("<p>and %,d more</p>", ledger.failed() - MOST_FAILURES);
        }
        put("</section>");
    }

    private void failure(Failure failure) {
        String about = failure.message();
        String start = failure.invariant() + ": ";
        put("<tr><td class=\"number\">%s</td>", "" + failure.seed());
        put(
                "<td><b>%s</b>%s<br>%s</td>",
                failure.invariant(),
                failure.isOfLiveness() ? " (liveness)" : "",
                about.startsWith(start) ? about.substring(start.length()) : about);
        put("<td><code>%s</code></td><td>", ledger.task().replay(failure.seed()));
        String name = OneRun.name(failure.seed());
        link(name + ".html", "diagram");
        link(name + "-shrunk.html", "shrunk");
        link(name + ".scenario", "scenario");
        link(name + ".trace", "trace");
        link(name + ".txt", "stack");
        put("</td></tr>");
    }

    private void link(String file, String label) {
        if (folder.has(file)) {
            put("<a href=\"%s\">%s</a>", file, label);
        }
    }

    // ---- what was tried

    private void faults() {
        put("<section><h2>Faults injected</h2><table class=\"bars\"><tbody>");
        Map<String, Long> faults = ledger.faults();
        long most = faults.values().stream().mapToLong(Long::longValue).max().orElse(1);
        List<String> names = new ArrayList<>(TimedFault.NAMES);
        faults.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        for (String name : names) {
            long times = faults.getOrDefault(name, 0L);
            boolean allowed = ledger.task().options().faults().contains(name);
            put(
                    "<tr><th>%s</th><td class=\"number\">%s</td><td>%s</td></tr>",
                    name, times == 0 && !allowed ? "off" : String.format("%,d", times), "");
            bar(times, most);
        }
        put("</tbody></table></section>");
    }

    /** Puts a bar into the cell that was written last. */
    private void bar(long times, long most) {
        int end = page.lastIndexOf("</td></tr>");
        double percent = 100.0 * (double) times / (double) most;
        page.insert(end, String.format("<i style=\"width:%.1f%%\"></i>", percent));
    }

    private void paths() {
        put("<section><h2>Rare paths</h2><table class=\"bars\"><tbody>");
        Map<String, Long> seen = ledger.paths();
        long most = seen.values().stream().mapToLong(Long::longValue).max().orElse(1);
        List<Sometimes> possible = Sometimes.of(ledger.task().options());
        for (Sometimes path : possible) {
            long times = seen.getOrDefault(path.name(), 0L);
            put(
                    "<tr class=\"%s\"><th>%s<small>%s</small></th><td"
                            + " class=\"number\">%s</td><td></td></tr>",
                    times == 0 ? "never" : "",
                    path.name(),
                    path.meaning(),
                    times == 0 ? "never" : String.format("%,d", times));
            bar(logarithm(times), logarithm(most));
        }
        put("</tbody></table>");
        put("<p class=\"quiet\">Bars of paths grow with the logarithm of how often.</p></section>");
    }

    private static long logarithm(long times) {
        return (long) (1_000 * Math.log1p((double) times));
    }

    private void seeds() {
        put("<section><h2>Seeds</h2><p>Run: %s.</p>", ledger.ran());
        put(
                "<p>A part of: %s. Code: <code>%s</code>.</p></section>",
                ledger.task().whole(), ledger.code());
    }
}
