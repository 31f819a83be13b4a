package vivarium.benchmarks.compare;

/**
 * A report as one HTML file that needs nothing else: the text of a Markdown report with its tables,
 * and a picture. It knows of Markdown what our reports use, and no more.
 */
final class Page {
    private static final String STYLE =
            """
            body { font-family: sans-serif; color: #222; max-width: 75em; margin: 2em auto; }
            table { border-collapse: collapse; margin: 1em 0; font-size: 90%; }
            th, td { border: 1px solid #ccc; padding: 0.25em 0.6em; text-align: right; }
            th:first-child, td:first-child { text-align: left; }
            th { background: #f2f2f2; }
            td.missed { background: #fbe3e0; }
            svg { max-width: 100%; height: auto; }
            """;

    private final StringBuilder out = new StringBuilder();
    private boolean inTable;

    private Page() {}

    /** The file. */
    static String html(String title, String markdown, String svg) {
        Page page = new Page();
        page.out
                .append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head>\n<body>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n")
                .append(svg);
        markdown.lines().forEach(page::line);
        page.endTable();
        page.out.append("</body></html>\n");
        return page.out.toString();
    }

    private void line(String line) {
        if (line.startsWith("|---")) {
            return;
        }
        if (line.startsWith("| ")) {
            row(line);
            return;
        }
        endTable();
        if (line.startsWith("### ")) {
            out.append("<h2>").append(text(line.substring(4))).append("</h2>\n");
        } else if (!line.isEmpty()) {
            out.append("<p>").append(text(line)).append("</p>\n");
        }
    }

    private void row(String line) {
        String cell = inTable ? "td" : "th";
        out.append(inTable ? "<tr>" : "<table>\n<tr>");
        inTable = true;
        for (String content : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
            String mark = content.contains("**missed**") ? " class=\"missed\"" : "";
            out.append('<').append(cell).append(mark).append('>');
            out.append(text(content.strip())).append("</").append(cell).append('>');
        }
        out.append("</tr>\n");
    }

    private void endTable() {
        if (inTable) {
            inTable = false;
            out.append("</table>\n");
        }
    }

    private static String text(String markdown) {
        return escaped(markdown)
                .replaceAll("\\*\\*([^*]+)\\*\\*", "<b>$1</b>")
                .replaceAll("`([^`]+)`", "<code>$1</code>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
