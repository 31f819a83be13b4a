package vivarium.properties.walls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What docs/guarantees.md promises is tried by tests that are there. */
final class GuaranteesTest {
    private static final Path TABLE = Sources.HOUSE.resolve("docs/guarantees.md");
    private static final Pattern ROW = Pattern.compile("^\\| (.+?) \\| (.+) \\|$");
    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");
    private static final int FEWEST_PROMISES = 20;

    @Test
    void eachHasTestsAndEachOfThemIsThere() throws IOException {
        List<String> rows = Files.readAllLines(TABLE);
        assertEquals(List.of(), complaints(rows, texts()));
        assertTrue(promises(rows) >= FEWEST_PROMISES, "the table was read");
    }

    @Test
    void aPromiseThatNothingTriesIsTold() throws IOException {
        List<String> rows =
                List.of(
                        "| kept | `WatchesTest` |",
                        "| renamed | `WatchesTest.nobodyEverWroteThis` |",
                        "| gone | `NoSuchTest` |",
                        "| planted | `NO_SUCH_MISTAKE` |",
                        "| hoped | many tests |");
        assertEquals(
                List.of(
                        "renamed: no test has a method nobodyEverWroteThis",
                        "gone: there is no NoSuchTest",
                        "planted: there is no NO_SUCH_MISTAKE",
                        "hoped: no test is named"),
                complaints(rows, texts()));
    }

    private static long promises(List<String> rows) {
        return rows.stream().map(ROW::matcher).filter(Matcher::matches).count() - 1;
    }

    private static List<String> complaints(List<String> rows, Map<String, String> texts) {
        List<String> complaints = new ArrayList<>();
        for (String row : rows) {
            Matcher cells = ROW.matcher(row);
            if (!cells.matches() || cells.group(1).equals("guarantee")) {
                continue;
            }
            Matcher names = NAME.matcher(cells.group(2));
            int named = 0;
            while (names.find()) {
                named++;
                String complaint = complaint(names.group(1), texts);
                if (complaint != null) {
                    complaints.add(cells.group(1) + ": " + complaint);
                }
            }
            if (named == 0 && !row.startsWith("|---")) {
                complaints.add(cells.group(1) + ": no test is named");
            }
        }
        return complaints;
    }

    /** A package, a class of tests, one of its methods, or a word that the sources use. */
    private static @Nullable String complaint(String name, Map<String, String> texts) {
        if (name.startsWith("vivarium.")) {
            return Files.isDirectory(folderOf(name)) ? null : "there is no package " + name;
        }
        String type = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        String method = name.contains(".") ? name.substring(name.indexOf('.') + 1) : "";
        boolean known =
                texts.containsKey(type)
                        || texts.values().stream().anyMatch(text -> text.contains(type));
        if (!known) {
            return "there is no " + type;
        }
        boolean has =
                method.isEmpty()
                        || texts.values().stream().anyMatch(text -> text.contains(method + "("));
        return has ? null : "no test has a method " + method;
    }

    private static Path folderOf(String name) {
        return Sources.HOUSE.resolve("properties/src/test/java").resolve(name.replace('.', '/'));
    }

    /** All Java sources but this one, by the names of their types. */
    private static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path source : Sources.ofTheHouse()) {
            String name = String.valueOf(source.getFileName());
            if (name.endsWith(".java") && !name.equals("GuaranteesTest.java")) {
                texts.merge(
                        name.substring(0, name.length() - ".java".length()),
                        Files.readString(source),
                        String::concat);
            }
        }
        return texts;
    }
}
