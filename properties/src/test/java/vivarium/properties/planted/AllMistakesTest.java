package vivarium.properties.planted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every mistake of the catalogue is caught, nearly all within a minute of one processor. Run by
 * {@code mvn verify -P planted}, which also leaves the table in {@code target/planted.md}.
 */
@Tag("planted")
class AllMistakesTest {
    private static final long USUAL_SECONDS = 60;
    private static final long MOST_SECONDS = 600;

    /** Those to try, where not all: {@code -Dplanted.only=REGEX}. */
    private static final Pattern ONLY = Pattern.compile(System.getProperty("planted.only", ".*"));

    /** How long each is looked for: {@code -Dplanted.seconds=N}. */
    private static final long SECONDS = Long.getLong("planted.seconds", MOST_SECONDS);

    /** How many at a time: {@code -Dplanted.jobs=N}. */
    private static final int JOBS =
            Integer.getInteger("planted.jobs", Runtime.getRuntime().availableProcessors());

    @Test
    @Timeout(24 * 3_600)
    void everyPlantedMistakeIsCaughtAndNearlyAllWithinAMinute(@TempDir Path folder)
            throws Exception {
        List<Mistake> chosen =
                Catalogue.all().stream()
                        .filter(mistake ->
                                ONLY.matcher(mistake.room() + "/" + mistake.name()).find())
                        .toList();
        List<Verdict> verdicts = new ArrayList<>();
        try (Workshop workshop = new Workshop();
                ExecutorService pool = Executors.newFixedThreadPool(JOBS)) {
            Trials trials = new Trials(folder, workshop);
            List<Future<Verdict>> running = new ArrayList<>();
            for (Mistake mistake : chosen) {
                Callable<Verdict> trial = () -> trials.run(mistake, SECONDS);
                running.add(pool.submit(trial));
            }
            for (Future<Verdict> trial : running) {
                verdicts.add(trial.get());
                System.out.println(verdicts.getLast().row());
            }
        }
        List<String> table = Verdict.table(verdicts);
        table.forEach(System.out::println);
        write(table);
        List<String> free = verdicts.stream().filter(v -> !v.caught()).map(Verdict::row).toList();
        assertEquals(List.of(), free);
        long slow = verdicts.stream().filter(v -> v.cpuMillis() > USUAL_SECONDS * 1000).count();
        assertTrue(slow * 20 <= verdicts.size(), slow + " took more than a minute");
    }

    private static void write(List<String> table) throws IOException {
        Path file = Path.of("target", "planted.md");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, table);
    }
}
