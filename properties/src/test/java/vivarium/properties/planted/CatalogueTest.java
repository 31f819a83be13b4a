package vivarium.properties.planted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.planted.Mistake.Check;

/** The catalogue fits the sources that it changes, and says so where it does not. */
class CatalogueTest {
    private static final int LEAST = 60;

    private static final List<String> ROOMS =
            List.of(
                    "acl",
                    "broadcast",
                    "determinism",
                    "discovery",
                    "election",
                    "ephemerals",
                    "epochs",
                    "limits",
                    "log",
                    "multi",
                    "quota",
                    "server",
                    "sessions",
                    "snapshots",
                    "synchronization",
                    "tree",
                    "watches",
                    "wire");

    private static final List<String> ONE =
            List.of(
                    "For people.",
                    "=== half-is-a-quorum",
                    "file core/Ensemble.java",
                    "thought two of four are enough",
                    "check world 4+1 act 30",
                    "falls TotalOrder NoGaps",
                    "--- return 2 * count",
                    "        > voters.size();",
                    "+++ return 2 * count >= voters.size();",
                    "");

    @Test
    void everyMistakeFitsItsSourceOnceAndCompiles(@TempDir Path folder) throws IOException {
        // Together, one mistake of each source at a time: hundreds of compilations take too long.
        Map<String, ArrayDeque<Mistake>> bySource = new TreeMap<>();
        List<Mistake> all = new ArrayList<>(Catalogue.all());
        all.addAll(Catalogue.open());
        all.addAll(Catalogue.harmless());
        for (Mistake mistake : all) {
            bySource.computeIfAbsent(mistake.file(), _ -> new ArrayDeque<>()).add(mistake);
        }
        List<String> complaints = new ArrayList<>();
        try (Workshop workshop = new Workshop()) {
            while (!bySource.isEmpty()) {
                List<Mistake> round = bySource.values().stream().map(ArrayDeque::remove).toList();
                complaints.addAll(workshop.make(round, folder));
                bySource.values().removeIf(ArrayDeque::isEmpty);
            }
        }
        assertEquals(List.of(), complaints);
    }

    @Test
    void thereAreEnoughInEveryRoomAndEachHasANameOfItsOwn() throws IOException {
        List<Mistake> all = Catalogue.all();
        TreeSet<String> names = new TreeSet<>();
        TreeSet<String> rooms = new TreeSet<>();
        for (Mistake mistake : all) {
            assertTrue(names.add(mistake.name()), mistake.name());
            rooms.add(mistake.room());
        }
        assertTrue(all.size() >= LEAST, all.size() + " mistakes");
        assertEquals(ROOMS, List.copyOf(rooms));
    }

    @Test
    void whatIsWrittenDownIsRead() {
        Mistake mistake = Catalogue.read("election", ONE).getFirst();
        assertEquals("half-is-a-quorum", mistake.name());
        assertEquals("vivarium.core.Ensemble", mistake.type());
        assertEquals(new Check.World(4, 1, 30), mistake.check());
        assertEquals("world 4+1 act 30", mistake.check().text());
        assertEquals(List.of("TotalOrder", "NoGaps"), mistake.falls());
        assertEquals(
                "a { return 2 * count >= voters.size(); }",
                mistake.plantedIn("a { return 2\n  * count > voters.size(); }"));
    }

    @Test
    void aChangeThatFitsNowhereOrTwiceIsToldByItsName() {
        Mistake mistake = Catalogue.read("election", ONE).getFirst();
        String twice = "return 2 * count > voters.size();".repeat(2);
        for (String source : List.of("", twice)) {
            String told =
                    String.valueOf(
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> mistake.plantedIn(source))
                                    .getMessage());
            assertTrue(told.startsWith("half-is-a-quorum: core/Ensemble.java has "), told);
        }
    }

    @Test
    void aMistakeThatDoesNotCompileIsToldByItsName(@TempDir Path folder) throws IOException {
        List<String> lines = new ArrayList<>(ONE);
        lines.set(8, "+++ return nothing at all;");
        Mistake mistake = Catalogue.read("election", lines).getFirst();
        try (Workshop workshop = new Workshop()) {
            String told =
                    String.valueOf(
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> workshop.make(mistake, folder))
                                    .getMessage());
            assertTrue(told.startsWith("[half-is-a-quorum: "), told);
        }
    }

    @Test
    void aMistakeWithoutACheckOrWithoutAChangeIsRefused() {
        assertRefused("has no check", 4, 5);
        assertRefused("changes nothing", 6, 9);
        assertRefused("says nothing of what falls", 5, 6);
    }

    private static void assertRefused(String why, int from, int to) {
        List<String> lines = new ArrayList<>(ONE);
        lines.subList(from, to).clear();
        String told =
                String.valueOf(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () -> Catalogue.read("election", lines))
                                .getMessage());
        assertTrue(told.contains("half-is-a-quorum " + why), told);
    }
}
