package vivarium.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import vivarium.core.PhaseName;
import vivarium.simulation.Outcome;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;

/**
 * What happened in a run, as one page that needs nothing else: servers as columns, time downward.
 */
final class Diagram {
    /** More makes the page slow; the last ones are those that people look for. */
    private static final int MOST_ENTRIES = 40_000;

    private static final int MOST_DETAIL = 300;

    private Diagram() {}

    /** The page. */
    static String html(Outcome outcome, String how) throws IOException {
        Violation violation = outcome.violation();
        String title =
                "seed "
                        + outcome.plan().seed()
                        + ": "
                        + (violation == null ? "good" : violation.getMessage());
        StringBuilder data = new StringBuilder("{\"title\":");
        string(data, title);
        data.append(",\"servers\":").append(outcome.plan().servers().size());
        data.append(",\"phases\":[");
        for (PhaseName phase : PhaseName.values()) {
            string(data, phase.name());
            data.append(',');
        }
        data.append("null],\"kinds\":[");
        List<Trace.Kind> kinds = List.of(Trace.Kind.values());
        for (Trace.Kind kind : kinds) {
            string(data, kind.name());
            data.append(',');
        }
        data.append("null],\"entries\":[");
        List<Trace.Entry> entries = outcome.entries();
        int from = Math.max(0, entries.size() - MOST_ENTRIES);
        for (Trace.Entry entry : entries.subList(from, entries.size())) {
            entry(data, entry, kinds.indexOf(entry.kind()));
        }
        data.append("null]}");
        return page().replace("/*DATA*/null", data);
    }

    private static void entry(StringBuilder data, Trace.Entry entry, int kind) {
        data.append('[')
                .append(entry.micros())
                .append(',')
                .append(kind)
                .append(',')
                .append(entry.place())
                .append(",\"")
                .append(entry.a())
                .append("\",\"")
                .append(entry.b())
                .append("\",");
        String detail = entry.detail();
        string(data, detail.length() > MOST_DETAIL ? detail.substring(0, MOST_DETAIL) : detail);
        data.append("],");
    }

    private static void string(StringBuilder data, String text) {
        data.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c != '"' && c != '\\' && c != '<' && c < 0x7f;
            if (plain) {
                data.append(c);
            } else {
                data.append(String.format("\\u%04x", (int) c));
            }
        }
        data.append('"');
    }

    private static String page() throws IOException {
        try (InputStream page = Diagram.class.getResourceAsStream("diagram.html")) {
            if (page == null) {
                throw new IOException("diagram.html is missing in the jar");
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
