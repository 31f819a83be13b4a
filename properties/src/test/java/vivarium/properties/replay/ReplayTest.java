package vivarium.properties.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vivarium.spec.Job;
import vivarium.spec.Verdict;

/**
 * Behaviours that TLC has found, as schedules: real peers go with those that are right, and not
 * with those of mistaken protocols to where what must hold breaks; led along them as far as can be,
 * they break nothing.
 *
 * <p>More of both: {@code -Dgraphs.deep=true}; of them only mistakes that have a text in their
 * names: {@code -Dgraphs.only=TEXT}. What came of each is in {@code target/replayed.tsv} then.
 */
final class ReplayTest extends WarmChecker {
    private static final Path REPORT = Path.of("target", "replayed.tsv");
    private static final String MODULE = "replay/ReplayZab.tla";
    private static final int SEED = 1;
    private static final int LENGTH = 90;

    /** What a build has time for: mistakes that two servers are enough for, and one more. */
    private static boolean isNear(Job mutant) {
        return mutant.name().equals("ackOnReceive")
                || mutant.constants().getOrDefault("Server", "").equals("{s1, s2}");
    }

    @Test
    void peersGoWithWhatTheSpecificationDoes() throws Exception {
        Job job = Job.of("walks", MODULE, "replay/walks.cfg");
        StateGraph walks = StateGraph.read(checker.walks(job, DEEP ? 1_000 : 25, LENGTH, SEED));
        Cover cover = cover(walks, job, true);
        assertEquals("", String.join("\n\n", cover.differences()));
        assertTrue(cover.steps > 1_000, cover.steps + " steps");
        report("walks", walks.size() + " states", cover.steps + " steps");
    }

    /** Each is led to where the mistake breaks a property, and parts from it before. */
    @Test
    void peersDoNotGoWithAMistakenProtocol() throws Exception {
        int found = 0;
        for (Job mutant : Job.readAll(SPEC.resolve("mutants.tsv"))) {
            if (!mutant.module().equals("mc/MCZab.tla")
                    || !(DEEP ? mutant.name().contains(ONLY) : isNear(mutant))) {
                continue;
            }
            Job job = inSchedules(mutant);
            Verdict verdict = checker.run(job, 1, Map.of());
            assertNull(verdict.complaint(job), mutant.name());
            StateGraph way = StateGraph.read(checker.counterexample(job));
            assertFalse(cover(way, job, false).differences().isEmpty(), mutant.name());
            int taken = lead(way, new Rig(bounds(job))).size();
            found++;
            report(
                    mutant.name(),
                    verdict.broken() + " behind " + verdict.states() + " states",
                    taken + " of " + way.edgeCount() + " steps taken");
        }
        assertTrue(found > (DEEP ? 0 : 12), found + " were found");
    }

    /** A disk forgets what was committed: this must not pass for safe. */
    @Test
    void whatIsLostIsSeen() {
        Bounds bounds =
                new Bounds(List.of(1L, 2L), List.of(1L, 2L), 2, 1, 0, 0, 0, 1, false, 0, List.of());
        Rig rig = new Rig(bounds);
        Safety safety = new Safety(rig);
        String meeting = "MCLead 1;MCFollow 2 1;On 1 2;AcceptedEpochSaved 1;On 2 1";
        String promise = "AcceptedEpochSaved 2;On 1 2;CurrentEpochSaved 1;On 2 1;On 2 1";
        String commit =
                "CurrentEpochSaved 2;On 1 2;On 2 1;Propose 1;Durable 1 1;On 2 1;Durable 2 1";
        for (String step : String.join(";", meeting, promise, commit, "On 1 2").split(";", -1)) {
            assertTrue(Enabled.admits(rig, step), step);
            rig.take(step);
            safety.check();
        }
        assertEquals(1, safety.committed().size());
        rig.server(2).disk.durable = 0;
        assertThrows(AssertionError.class, safety::check);
    }

    /** Along the first way that there is, without the steps that these peers can't take. */
    private static List<String> lead(StateGraph way, Rig rig) {
        Safety safety = new Safety(rig);
        List<String> taken = new ArrayList<>();
        int state = 0;
        while (!way.from(state).isEmpty()) {
            StateGraph.Edge edge = way.from(state).getFirst();
            if (Enabled.admits(rig, edge.step)) {
                rig.take(edge.step);
                taken.add(edge.step);
                safety.check();
            }
            state = edge.to;
        }
        return taken;
    }

    /** The same mistake in the steps that a schedule can have. */
    private static Job inSchedules(Job mutant) {
        return new Job(
                mutant.name(),
                false,
                MODULE,
                "replay/large.cfg",
                mutant.constants(),
                mutant.falsified(),
                -1,
                -1);
    }

    private static Bounds bounds(Job job) throws IOException {
        return Bounds.read(work.resolve(job.name() + ".cfg"));
    }

    private static Cover cover(StateGraph graph, Job job, boolean whole) throws IOException {
        Cover cover = new Cover(graph, bounds(job), whole);
        cover.walkAll();
        return cover;
    }

    private static void report(String... cells) throws IOException {
        if (DEEP) {
            Files.writeString(
                    REPORT,
                    String.join("\t", cells) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }
}
