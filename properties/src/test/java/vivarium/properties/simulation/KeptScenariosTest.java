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
 * They run for ever. In which way a scenario runs depends on the code, so that a change may take it
 * off its path: then it is no good any more, and another has to be drawn, with {@code
 * simulation/simulate --show PATH}.
 */
class KeptScenariosTest {
    private static final Path FOLDER =
            Path.of("src/test/resources/vivarium/properties/simulation/kept");

    @Test
    void everythingHoldsInEveryScenarioThatWasKept() throws Exception {
        List<Path> files = files();
        assertTrue(files.size() >= 10, "only " + files);
        List<String> failures = new ArrayList<>();
        for (Path file : files) {
            String text = Files.readString(file);
            Outcome outcome = World.run(Scenario.read(text, file.toString()), 0);
            if (outcome.violation() != null) {
                failures.add(file.getFileName() + ": " + outcome.violation().getMessage());
            }
            List<String> paths = pathsOf(text);
            if (paths.isEmpty()) {
                failures.add(file.getFileName() + " does not say what it takes");
            }
            for (String path : paths) {
                if (!outcome.marks().seen().containsKey(path)) {
                    failures.add(
                            file.getFileName()
                                    + " does not take '"
                                    + path
                                    + "' any more: look for another with simulate --show");
                }
            }
        }
        assertEquals(List.of(), failures);
    }

    /** What is seen in all of them. */
    static Marks seen() throws IOException, Scenario.MalformedException {
        Marks seen = new Marks();
        for (Path file : files()) {
            seen.addAll(World.run(Scenario.read(Files.readString(file), "kept"), 0).marks());
        }
        return seen;
    }

    /** The lines that begin so name the paths for which the scenario is kept. */
    private static List<String> pathsOf(String text) {
        String takes = "# takes: ";
        return text.lines()
                .filter(line -> line.startsWith(takes))
                .map(line -> line.substring(takes.length()))
                .toList();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".scenario")).sorted().toList();
        }
    }
}
