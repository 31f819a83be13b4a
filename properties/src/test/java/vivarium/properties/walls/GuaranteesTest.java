package vivarium.properties.walls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import vivarium.properties.planted.Catalogue;

/**
 * What docs/guarantees.md promises is tried by tests that are there, and planted mistakes show that
 * they can fail: each that is named is in the catalogue, and falls on something that its row names.
 */
final class GuaranteesTest {
    private static final Path TABLE = Sources.HOUSE.resolve("docs/guarantees.md");
    private static final Pattern ROW = Pattern.compile("^\\| (.+?) \\| (.+?) \\| (.+?) \\|$");
    private static final Pattern NAME = Pattern.compile("`([\\w.-]+)`");
    private static final int FEWEST_PROMISES = 20;

    @Test
    void eachHasTestsAndEachOfThemIsThere() throws IOException {
        List<String> rows = Files.readAllLines(TABLE);
        assertEquals(List.of(), complaints(rows, texts(), Catalogue.namesByCheck()));
        assertTrue(promises(rows) >= FEWEST_PROMISES, "the table was read");
    }

    @Test
    void aPromiseThatNothingTriesIsTold() throws IOException {
        List<String> rows =
                List.of(
                        "| kept | `WatchesTest` | `persistent-watches-are-used-up` |",
                        "| renamed | `WatchesTest.nobodyEverWroteThis` | `mistake` |",
                        "| gone | `NoSuchTest` | `mistake` |",
                        "| planted | `NO_SUCH_MISTAKE` | `mistake` |",
                        "| hoped | many tests | `mistake` |",
                        "| free | `WatchesTest` | nothing |",
                        "| elsewhere | `ExpiryTest` | `persistent-watches-are-used-up` |",
                        "| invented | `WatchesTest` | `no-such-mistake` |");
        assertEquals(
                List.of(
                        "renamed: no test has a method nobodyEverWroteThis",
                        "renamed: mistake is not planted",
                        "gone: there is no NoSuchTest",
                        "gone: mistake is not planted",
                        "planted: there is no NO_SUCH_MISTAKE",
                        "planted: mistake is not planted",
                        "hoped: no test is named",
                        "hoped: mistake is not planted",
                        "free: no mistake shows that it can fail",
                        "elsewhere: persistent-watches-are-used-up is not what this row would find",
                        "invented: no-such-mistake is not planted"),
                complaints(rows, texts(), Catalogue.namesByCheck()));
    }

    private static long promises(List<String> rows) {
        return rows.stream().map(ROW::matcher).filter(Matcher::matches).count() - 1;
    }

    private static List<String> complaints(
            List<String> rows, Map<String, String> texts, Map<String, List<String>> planted) {
        List<String> complaints = new ArrayList<>();
        for (String row : rows) {
            Matcher cells = ROW.matcher(row);
            if (!cells.matches() || cells.group(1).equals("guarantee") || row.startsWith("|---")) {
                continue;
            }
            List<String> told = new ArrayList<>();
            List<String> tried = names(cells.group(2));
            for (String name : tried) {
                String complaint = complaint(name, texts);
                if (complaint != null) {
                    told.add(complaint);
                }
            }
            if (tried.isEmpty()) {
                told.add("no test is named");
            }
            List<String> mistakes = names(cells.group(3));
            for (String mistake : mistakes) {
                String complaint = mistakeComplaint(mistake, tried, texts, planted);
                if (complaint != null) {
                    told.add(complaint);
                }
            }
            if (mistakes.isEmpty()) {
                told.add("no mistake shows that it can fail");
            }
            told.forEach(complaint -> complaints.add(cells.group(1) + ": " + complaint));
        }
        return complaints;
    }

    private static List<String> names(String cell) {
        List<String> found = new ArrayList<>();
        Matcher names = NAME.matcher(cell);
        while (names.find()) {
            found.add(names.group(1));
        }
        return found;
    }

    /** A mistake of the catalogue, that one of the checks named falls on; or one of the world's. */
    private static @Nullable String mistakeComplaint(
            String mistake,
            List<String> tried,
            Map<String, String> texts,
            Map<String, List<String>> planted) {
        if (mistake.equals(mistake.toUpperCase(Locale.ROOT))) {
            return complaint(mistake, texts);
        }
        if (planted.values().stream().noneMatch(names -> names.contains(mistake))) {
            return mistake + " is not planted";
        }
        boolean found =
                tried.stream()
                        .anyMatch(name -> planted.getOrDefault(name, List.of()).contains(mistake));
        return found ? null : mistake + " is not what this row would find";
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
