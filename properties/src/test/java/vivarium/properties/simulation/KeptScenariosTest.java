package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vivarium.simulation.Outcome;
import vivarium.simulation.Scenario;
import vivarium.simulation.World;
import vivarium.simulation.engine.Marks;

/**
 * Scenarios that once broke something, or that take a rare path in the shortest way that was found.
 * They run for ever. In which way a scenario runs depends on the code, so a path may be lost to it
 * by and by; when most are, they should be drawn anew with {@code simulation/simulate --show PATH}.
 */
class KeptScenariosTest {
    private static final Path FOLDER =
            Path.of("src/test/resources/vivarium/properties/simulation/kept");

    @Test
    void everythingHoldsInEveryScenarioThatWasKept() throws Exception {
        List<Path> files = files();
        assertTrue(files.size() >= 10, "only " + files);
        List<String> failures = new ArrayList<>();
        int taken = 0;
        int wanted = 0;
        for (Path file : files) {
            String text = Files.readString(file);
            Outcome outcome = World.run(Scenario.read(text, file.toString()), 0);
            if (outcome.violation() != null) {
                failures.add(file.getFileName() + ": " + outcome.violation().getMessage());
            }
            String path = pathOf(text);
            if (!path.isEmpty()) {
                wanted++;
                taken += outcome.marks().seen().containsKey(path) ? 1 : 0;
            }
        }
        assertEquals(List.of(), failures);
        assertTrue(2 * taken >= wanted, "only " + taken + " of " + wanted + " take their paths");
    }

    /** What is seen in all of them. */
    static Marks seen() throws IOException, Scenario.MalformedException {
        Marks seen = new Marks();
        for (Path file : files()) {
            seen.addAll(World.run(Scenario.read(Files.readString(file), "kept"), 0).marks());
        }
        return seen;
    }

    /** The first line that is a comment names the path, if the scenario is kept for one. */
    private static String pathOf(String text) {
        return text.lines()
                .filter(line -> line.startsWith("# takes: "))
                .findFirst()
                .map(line -> line.substring("# takes: ".length()))
                .orElse("");
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".scenario")).sorted().toList();
        }
    }
}
