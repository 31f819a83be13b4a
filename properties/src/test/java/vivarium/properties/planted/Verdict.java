package vivarium.properties.planted;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of looking for one mistake.
 *
 * @param caught whether a check fell that was expected to
 * @param by what fell; where nothing did, what was seen instead
 * @param tried after how many seeds, or tests
 * @param cpuMillis how long a processor took for it, the start of a JVM included
 */
record Verdict(Mistake mistake, boolean caught, String by, int tried, long cpuMillis) {

    /** All of them as a table in Markdown. */
    static List<String> table(List<Verdict> verdicts) {
        List<String> table = new ArrayList<>();
        table.add("| mistake | room | thought | looked for in | caught by | seeds or tests | s |");
        table.add("|---|---|---|---|---|---:|---:|");
        verdicts.forEach(verdict -> table.add(verdict.row()));
        return table;
    }

    /** As a line of the table. */
    String row() {
        return String.format(
                "| `%s` | %s | %s | %s | %s | %d | %.1f |",
                mistake.name(),
                mistake.room(),
                mistake.thought(),
                mistake.check().text(),
                caught ? "`" + by + "`" : "**not caught**: " + by,
                tried,
                cpuMillis / 1000.0);
    }
}
