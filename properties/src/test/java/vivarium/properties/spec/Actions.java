package vivarium.properties.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of the specification's actions, and what the modules say themselves. */
final class Actions {
    private static final int COLUMNS = 5;
    private static final int USUAL_TIMES = 100;
    private static final Pattern CALL = Pattern.compile("\\b([A-Z]\\w*)(?=[(\\s)]|\\z)");

    /**
     * One line of the table.
     *
     * @param action empty for what the specification leaves out
     * @param methods the code that takes it, by its name behind {@code vivarium.}
     * @param taken inputs and messages
     * @param rare those of them that no trace need show
     * @param lines how often each line of a trace that shows it is to be seen, at the least
     */
    record Row(
            String module,
            String action,
            List<String> methods,
            List<String> taken,
            Set<String> rare,
            Map<String, Integer> lines) {}

    /** In which phase a server is when the code of these classes takes its inputs. */
    private static final Map<String, String> PHASES =
            Map.of(
                    "NotServing", "LOOKING",
                    "Looking", "LOOKING",
                    "LeaderDiscovery", "LEADER_DISCOVERY",
                    "LeaderSynchronization", "LEADER_SYNCHRONIZATION",
                    "LeaderBroadcast", "LEADER_BROADCAST",
                    "LearnerDiscovery", "LEARNER_DISCOVERY",
                    "LearnerSynchronization", "LEARNER_SYNCHRONIZATION",
                    "LearnerBroadcast", "LEARNER_BROADCAST");

    private Actions() {}

    /**
     * What the traces do not show as often as the table asks for, by its name: lines, code of a
     * phase in which none of its action's lines was seen, and inputs and messages.
     *
     * @param counts how often each line was seen
     * @param places {@code Line PHASE} for each line and each phase before or after it
     * @param kinds inputs and messages that servers took in the runs that the traces are of
     */
    static List<String> unseen(
            List<Row> rows, Map<String, Integer> counts, Set<String> places, Set<String> kinds) {
        List<String> unseen = new ArrayList<>();
        for (Row row : rows) {
            row.lines()
                    .forEach((line, times) -> {
                        int seen = counts.getOrDefault(line, 0);
                        if (seen < times) {
                            unseen.add(line + ": seen " + seen + " times of " + times);
                        }
                    });
            row.taken().stream()
                    .filter(kind -> !row.rare().contains(kind) && !kinds.contains(kind))
                    .forEach(kind -> unseen.add(kind + ": never seen in a validated trace"));
            for (String method : row.lines().isEmpty() ? List.<String>of() : row.methods()) {
                String type = method.replaceFirst("\\.\\w+$", "").replaceFirst("^.*\\.", "");
                String phase = PHASES.get(type);
                if (phase != null
                        && row.lines().keySet().stream()
                                .noneMatch(line -> places.contains(line + " " + phase))) {
                    unseen.add(method + ": never seen in a validated trace");
                }
            }
        }
        return unseen;
    }

    static List<Row> read(Path table) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(table)) {
            if (!line.startsWith("#") && !line.isBlank()) {
                rows.add(row(line));
            }
        }
        return rows;
    }

    static Row row(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException("expected " + COLUMNS + " columns: " + line);
        }
        Map<String, Integer> lines = new TreeMap<>();
        for (String each : list(cells[4], ",")) {
            int colon = each.indexOf(':');
            int times = colon < 0 ? USUAL_TIMES : Integer.parseInt(each.substring(colon + 1));
            lines.put(colon < 0 ? each : each.substring(0, colon), times);
        }
        Set<String> rare = new TreeSet<>();
        List<String> taken = new ArrayList<>();
        for (String each : list(cells[3], ",")) {
            String kind = each.replaceFirst(":0$", "");
            taken.add(kind);
            if (!kind.equals(each)) {
                rare.add(kind);
            }
        }
        String action = cells[1].equals("-") ? "" : cells[1];
        return new Row(cells[0], action, list(cells[2], ";"), taken, rare, lines);
    }

    private static List<String> list(String cell, String separator) {
        return cell.equals("-") ? List.of() : List.of(cell.split(separator, -1));
    }

    /**
     * What a module's Next is made of, where a disjunct that is called Of... stands for its own.
     */
    static Set<String> inNext(String module) {
        return disjuncts("Next", module, new TreeSet<>());
    }

    private static Set<String> disjuncts(String name, String module, Set<String> found) {
        Matcher definition =
                Pattern.compile("(?ms)^" + name + "(?:\\([^)]*\\))? ==(.*?)(?=^\\S|\\z)")
                        .matcher(module);
        if (!definition.find()) {
            throw new IllegalArgumentException("no definition of " + name);
        }
        // Behind a quantifier and a colon; sets and functions are no actions.
        String body = definition.group(1).replaceAll("\\\\E [^:]*:", " ");
        Matcher call = CALL.matcher(body);
        while (call.find()) {
            String called = call.group(1);
            if (called.startsWith("Of")) {
                disjuncts(called, module, found);
            } else {
                found.add(called);
            }
        }
        return found;
    }
}
