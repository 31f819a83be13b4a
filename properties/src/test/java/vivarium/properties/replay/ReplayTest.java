package vivarium.properties.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.spec.Checker;
import vivarium.spec.Job;

/**
 * Behaviours of the specification as schedules: real peers go with those that are right, and not
 * with those of mistaken protocols that break what must hold.
 *
 * <p>More of both: {@code -Dgraphs.deep=true}.
 */
final class ReplayTest {
    private static final Path SPEC = Path.of("..", "spec").toAbsolutePath();
    private static final String MODULE = "replay/ReplayZab.tla";
    private static final boolean DEEP = Boolean.getBoolean("graphs.deep");

    /** A way is short, but there are many that are as short. */
    private static final int MOST_STATES = DEEP ? 300_000 : 30_000;

    /** What a build has time for: mistakes that two servers are enough for, and some more. */
    private static final List<String> SOON =
            List.of(
                    "ackBeforeForce-two",
                    "quorumIsHalf-shown",
                    "promiseBeforeDisk-two",
                    "ackOnReceive");

    @TempDir private Path work = Path.of("never");

    @Test
    void peersGoWithWhatTheSpecificationDoes() throws Exception {
        Job job = Job.of("walks", MODULE, "replay/walks.cfg");
        Path file = new Checker(SPEC, work).walks(job, DEEP ? 1_000 : 40, 90, 1);
        Cover cover = cover(file, job, true);
        assertEquals("", String.join("\n\n", cover.differences()));
        assertTrue(cover.steps > 1_000, cover.steps + " steps");
    }

    /** Each is led to where the mistake breaks a property, and parts from it before. */
    @Test
    void peersDoNotGoWithAMistakenProtocol() throws Exception {
        int found = 0;
        for (Job mutant : Job.readAll(SPEC.resolve("mutants.tsv"))) {
            boolean chosen = DEEP ? !mutant.deep() : SOON.contains(mutant.name());
            if (!mutant.module().equals("mc/MCZab.tla") || !chosen) {
                continue;
            }
            Job job = withNumbers(mutant);
            Path file = new Checker(SPEC, work).counterexample(job, MOST_STATES);
            if (Files.size(file) == 0) {
                assertTrue(DEEP, mutant.name() + " breaks nothing that is near");
                continue;
            }
            found++;
            assertFalse(cover(file, job, false).differences().isEmpty(), mutant.name());
        }
        assertTrue(found >= SOON.size(), found + " were found");
    }

    /** Servers are numbers here; an observer comes behind the voters. */
    private static Job withNumbers(Job mutant) {
        Map<String, String> constants = new TreeMap<>();
        String servers = mutant.constants().getOrDefault("Server", "");
        String observer = servers.contains("s3") ? "4" : "3";
        mutant.constants()
                .forEach((name, value) ->
                        constants.put(
                                name,
                                name.equals("Mistake")
                                        ? value
                                        : value.replaceAll("s([1-3])", "$1")
                                                .replace("o1", observer)));
        return new Job(
                mutant.name(),
                false,
                MODULE,
                "replay/large.cfg",
                constants,
                mutant.falsified(),
                -1,
                -1);
    }

    private Cover cover(Path file, Job job, boolean whole) throws IOException {
        Bounds bounds = Bounds.read(work.resolve(job.name() + ".cfg"));
        Cover cover = new Cover(StateGraph.read(file), bounds, whole);
        cover.walkAll();
        return cover;
    }
}
