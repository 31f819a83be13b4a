package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivarium.core.PhaseName;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Sometimes;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Violation;

/** Whatever goes wrong, nothing is done that must not be, and then the ensemble goes on. */
class CampaignTest {
    private static final long ACT_MICROS = 8_000_000;
    private static final Marks SEEN = new Marks();

    /** Taken by one run in about a thousand: too rare for a build, and told by every campaign. */
    private static final List<String> LEFT_TO_CAMPAIGNS = List.of("refused for the session");

    /** Marks that are put together, of phases and of faults, end in a blank. */
    private static final Pattern MARK = Pattern.compile("\\.see\\(\\s*\"([^\"]*[^\" ])\"");

    @ParameterizedTest
    @CsvSource({"1, 0, 250", "3, 0, 550", "3, 1, 100", "4, 0, 80", "5, 0, 100"})
    void everythingHoldsInEveryRun(int servers, int observers, int seeds) {
        List<String> failures = new ArrayList<>();
        Marks marks = new Marks();
        LongStream.rangeClosed(1, seeds)
                .parallel()
                .mapToObj(seed -> World.run(Swarm.draw(seed, options(servers, observers)), 0))
                .forEachOrdered(outcome -> {
                    marks.addAll(outcome.marks());
                    Violation violation = outcome.violation();
                    if (violation != null) {
                        failures.add(
                                "seed " + outcome.plan().seed() + ": " + violation.getMessage());
                    }
                });
        assertEquals(List.of(), failures);
        assertOftenTaken(marks, options(servers, observers));
        SEEN.addAll(marks);
    }

    /** Of what can happen in such runs most must have happened, even in a few of them. */
    private static void assertOftenTaken(Marks marks, Options options) {
        List<String> never = new ArrayList<>();
        List<Sometimes> possible = Sometimes.of(options);
        for (Sometimes path : possible) {
            if (!marks.seen().containsKey(path.name())) {
                never.add(path.name());
            }
        }
        assertTrue(4 * never.size() <= possible.size(), "never taken: " + never);
    }

    /**
     * A path that none of the runs has taken is a path that nobody has tested. The rarest are taken
     * by scenarios that were kept for that; {@code simulation/simulate --show PATH} finds others.
     */
    @AfterAll
    static void everyRarePathWasTakenByARun() throws Exception {
        SEEN.addAll(KeptScenariosTest.seen());
        List<String> never = new ArrayList<>();
        for (Sometimes path : Sometimes.ALL) {
            if (!SEEN.seen().containsKey(path.name()) && !LEFT_TO_CAMPAIGNS.contains(path.name())) {
                never.add(path.name() + " (" + path.meaning() + ")");
            }
        }
        boolean ranAll = SEEN.seen().containsKey("phase LEARNER_BROADCAST");
        assertTrue(never.isEmpty() || !ranAll, "never taken: " + never);
    }

    /** What the world marks without its being listed could stop being taken unseen. */
    @Test
    void everyPathThatIsMarkedIsListedAndEveryListedOneMarked() throws IOException {
        Path sources = Path.of("../simulation/src/main/java/vivarium/simulation");
        TreeSet<String> marked = new TreeSet<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher mark = MARK.matcher(Files.readString(file));
                while (mark.find()) {
                    marked.add(mark.group(1));
                }
            }
        }
        for (PhaseName phase : PhaseName.values()) {
            marked.add("phase " + phase);
        }
        TreeSet<String> listed = new TreeSet<>();
        Sometimes.ALL.forEach(path -> listed.add(path.name()));
        assertEquals(listed, marked);
    }

    @Test
    void oneSeedIsOneRun() {
        for (int servers : List.of(1, 3)) {
            for (long seed = 1; seed <= 8; seed++) {
                Outcome once = World.run(Swarm.draw(seed, options(servers, 0)), 0);
                // That somebody keeps the entries must not change what happens.
                Outcome again = World.run(Swarm.draw(seed, options(servers, 0)), 1_000);
                assertEquals(once.hash(), again.hash(), "seed " + seed);
                assertEquals(once.events(), again.events(), "seed " + seed);
            }
        }
    }

    @Test
    void twoSeedsAreTwoRuns() {
        Outcome one = World.run(Swarm.draw(1, options(1, 0)), 0);
        Outcome other = World.run(Swarm.draw(2, options(1, 0)), 0);
        assertTrue(one.hash() != other.hash());
    }

    private static Options options(int servers, int observers) {
        Options usual = Options.of(servers, 5);
        return new Options(servers, observers, 5, ACT_MICROS, usual.faults(), usual.mistake());
    }
}
