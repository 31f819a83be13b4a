package vivarium.properties.planted;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.planted.Mistake.Check;

/** A few of the planted mistakes, of every kind of room, in every build. */
class SomeMistakesTest {
    private static final long SECONDS = 60;

    private static final List<String> CHOSEN =
            List.of(
                    "half-is-a-quorum",
                    "an-epoch-is-asked-for-before-it-is-saved",
                    "synchronized-before-the-epoch-is-saved",
                    "acknowledged-when-received",
                    "a-sync-does-not-wait-for-commits",
                    "an-epoch-is-not-forced",
                    "a-touch-does-not-count",
                    "a-new-leader-tracks-nobody",
                    "an-older-version-does",
                    "who-may-read-may-write");

    @Test
    void aFewPlantedMistakesAreCaught(@TempDir Path folder) throws Exception {
        List<Mistake> all = Catalogue.all();
        try (Workshop workshop = new Workshop()) {
            Trials trials = new Trials(folder, workshop);
            for (String name : CHOSEN) {
                Mistake chosen =
                        all.stream()
                                .filter(mistake -> mistake.name().equals(name))
                                .findFirst()
                                .orElseThrow(() -> new AssertionError("there is no " + name));
                Verdict verdict = trials.run(chosen, SECONDS);
                assertTrue(verdict.caught(), verdict.row());
            }
        }
    }

    /** Otherwise anything would be caught. */
    @Test
    void withoutAMistakeNothingFalls(@TempDir Path folder) throws Exception {
        try (Workshop workshop = new Workshop()) {
            Trials trials = new Trials(folder, workshop);
            Mistake none =
                    new Mistake(
                            "none",
                            "none",
                            "core/Ensemble.java",
                            "",
                            "",
                            List.of(),
                            new Check.World(3, 0, 8),
                            List.of("Progress"));
            Verdict world = trials.runWithout(none, 4);
            assertFalse(world.caught(), world.row());
            assertTrue(world.by().equals("everything"), world.by());
            assertTrue(world.tried() > 0, world.row());
        }
    }

    /** What is planted is what runs: without it, the same trial finds nothing. */
    @Test
    void aMistakeThatIsNotInFrontOfTheClassPathIsNoTrial(@TempDir Path folder) throws Exception {
        Mistake absent = Catalogue.all().getFirst();
        List<String> told =
                Trials.say(absent, 1, folder.resolve("nowhere"), folder.resolve("said"));
        assertTrue(
                told.stream().anyMatch(line -> line.contains("comes from")),
                String.join("\n", told));
    }
}
