package vivarium.properties.walls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.puppycrawl.tools.checkstyle.Checker;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader.IgnoredModulesOptions;
import com.puppycrawl.tools.checkstyle.PropertiesExpander;
import com.puppycrawl.tools.checkstyle.api.AuditEvent;
import com.puppycrawl.tools.checkstyle.api.AuditListener;
import com.puppycrawl.tools.checkstyle.api.CheckstyleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The four rules of {@code .build/checkstyle.xml}, over every source of the house. They are kept by
 * a test and not by a plugin because Checkstyle needs a newer JVM than Maven may have.
 */
class SourceRulesTest {
    private static final Path CORE = Path.of("impl/src/main/java/vivarium/core");

    @Test
    void everySourceOfTheHouseKeepsTheFourRules() throws Exception {
        List<Path> sources = Sources.ofTheHouse();
        assertTrue(
                sources.contains(Sources.HOUSE.resolve(CORE).resolve("Effects.java")),
                "found no core");
        assertEquals(List.of(), sinsIn(sources));
    }

    @Test
    void aFileOfTheCoreMayHaveFourHundredLinesAndNotOneMore(@TempDir Path house) throws Exception {
        Path core = house.resolve(CORE);
        assertEquals(List.of(), sinsIn(write(core, "Full.java", "//\n".repeat(400))));
        assertEquals(
                List.of("File of the core is 401 lines long (max allowed is 400)."),
                sinsIn(write(core, "Over.java", "//\n".repeat(401))));
    }

    @Test
    void anyOtherFileMayHaveSixHundredLinesAndNotOneMore(@TempDir Path house) throws Exception {
        Path wire = house.resolve("impl/src/main/java/vivarium/wire");
        assertEquals(List.of(), sinsIn(write(wire, "Full.java", "//\n".repeat(600))));
        assertEquals(1, sinsIn(write(wire, "Over.java", "//\n".repeat(601))).size());
    }

    @Test
    void aMethodMayHaveSixtyLinesAndNotOneMore(@TempDir Path house) throws Exception {
        String full = "class A {\n    void m() {\n" + "        m();\n".repeat(58) + "    }\n}\n";
        assertEquals(List.of(), sinsIn(write(house, "A.java", full)));
        String over = full.replaceFirst("m\\(\\);\n", "m();\n        m();\n");
        assertEquals(1, sinsIn(write(house, "B.java", over)).size());
    }

    @Test
    void aMethodMayTakeEightParametersAndARecordMoreComponents(@TempDir Path house)
            throws Exception {
        String eight = "int a, int b, int c, int d, int e, int f, int g, int h";
        assertEquals(
                List.of(),
                sinsIn(write(house, "A.java", "class A { void m(" + eight + ") {} }\n")));
        assertEquals(
                List.of(),
                sinsIn(write(house, "B.java", "record B(" + eight + ", int i, int j) {}\n")));
        assertEquals(
                1,
                sinsIn(write(house, "C.java", "class C { void m(" + eight + ", int i) {} }\n"))
                        .size());
    }

    @Test
    void aLeftOverWordIsFoundInAnyKindOfSource(@TempDir Path house) throws Exception {
        for (String word : List.of("TO" + "DO", "FIX" + "ME", "X".repeat(3), "HA" + "CK")) {
            assertEquals(1, sinsIn(write(house, "A.java", "// " + word + " later\n")).size(), word);
            assertEquals(1, sinsIn(write(house, "notes.md", word + ": later\n")).size(), word);
        }
    }

    private static List<Path> write(Path folder, String name, String text) throws IOException {
        Files.createDirectories(folder);
        return List.of(Files.writeString(folder.resolve(name), text));
    }

    private static List<String> sinsIn(List<Path> sources) throws CheckstyleException {
        var sins = new Sins();
        var checker = new Checker();
        checker.setModuleClassLoader(Checker.class.getClassLoader());
        checker.configure(
                ConfigurationLoader.loadConfiguration(
                        Sources.HOUSE.resolve(".build/checkstyle.xml").toString(),
                        new PropertiesExpander(new Properties()),
                        IgnoredModulesOptions.OMIT));
        checker.addListener(sins);
        checker.process(sources.stream().map(Path::toFile).toList());
        checker.destroy();
        return sins.found;
    }

    /** What Checkstyle found, a line each; of a file of the house also where. */
    private static final class Sins implements AuditListener {
        private final List<String> found = new ArrayList<>();

        @Override
        public void addError(AuditEvent event) {
            Path file = Path.of(event.getFileName());
            String place =
                    file.startsWith(Sources.HOUSE)
                            ? Sources.HOUSE.relativize(file) + ":" + event.getLine() + ": "
                            : "";
            found.add(place + event.getMessage());
        }

        @Override
        public void addException(AuditEvent event, Throwable failure) {
            throw new IllegalStateException(event.getFileName(), failure);
        }

        @Override
        public void auditStarted(AuditEvent event) {}

        @Override
        public void auditFinished(AuditEvent event) {}

        @Override
        public void fileStarted(AuditEvent event) {}

        @Override
        public void fileFinished(AuditEvent event) {}
    }
}
