package vivarium.properties.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vivarium.spec.Job;
import vivarium.spec.TableException;
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

    /** The same steps in the steps that a schedule can have: module, configuration. */
    private static final Map<String, List<String>> SCHEDULED =
            Map.of(
                    "mc/MCZab.tla", List.of(ZAB, "replay/large.cfg"),
                    "mc/MCElection.tla", List.of(ELECTION, "replay/election.cfg"),
                    "mc/MCTree.tla", List.of(TREE, "replay/tree.cfg"),
                    "mc/MCWatches.tla", List.of(WATCHES, "replay/watches.cfg"));

    private static final int SEED = 1;
    private static final int LENGTH = 90;

    /** That there is never a leader is no schedule: it has no end. */
    private static boolean isScheduled(Job mutant) {
        return SCHEDULED.containsKey(mutant.module())
                && !mutant.configuration().endsWith("-live.cfg");
    }

    /**
     * What a build has time for: of Zab, mistakes that two servers are enough for, and one more.
     */
    private static boolean isNear(Job mutant) {
        return !mutant.module().equals("mc/MCZab.tla")
                || mutant.name().equals("ackOnReceive")
                || mutant.constants().getOrDefault("Server", "").equals("{s1, s2}");
    }

    @Test
    void peersGoWithWhatTheSpecificationDoes() throws Exception {
        Job job = Job.of("walks", ZAB, "replay/walks.cfg");
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
        for (Job job : schedules()) {
            Verdict verdict = checker.run(job, 1, Map.of());
            assertNull(verdict.complaint(job), job.name());
            StateGraph way = StateGraph.read(checker.counterexample(job));
            List<String> differences = cover(way, job, false).differences();
            assertFalse(differences.isEmpty(), job.name());
            int parted =
                    differences.getFirst().lines().findFirst().orElse("").split(";", -1).length;
            int taken = lead(way, births(job, way).begin()).size();
            found++;
            report(
                    job.name(),
                    "breaks " + verdict.broken(),
                    verdict.states() + " states",
                    "parted at step " + parted + " of " + way.length(),
                    "took " + taken);
        }
        assertTrue(found > (DEEP ? 0 : 33), found + " were found");
    }

    /** A disk forgets what was committed: this must not pass for safe. */
    @Test
    void whatIsLostIsSeen() {
        Bounds bounds =
                new Bounds(List.of(1L, 2L), List.of(1L, 2L), 2, 1, 0, 0, 0, 1, false, 0, List.of());
        Rig rig = new Rig(bounds);
        String meeting = "MCLead 1;MCFollow 2 1;On 1 2;AcceptedEpochSaved 1;On 2 1";
        String promise = "AcceptedEpochSaved 2;On 1 2;CurrentEpochSaved 1;On 2 1;On 2 1";
        String commit =
                "CurrentEpochSaved 2;On 1 2;On 2 1;Propose 1;Durable 1 1;On 2 1;Durable 2 1";
        for (String step : String.join(";", meeting, promise, commit, "On 1 2").split(";", -1)) {
            assertTrue(rig.admits(step), step);
            rig.take(step);
            rig.check();
        }
        assertEquals(1, rig.committed().size());
        rig.server(2).disk.durable = 0;
        assertThrows(AssertionError.class, rig::check);
    }

    /** Along the first way that there is, without the steps that these peers can't take. */
    private static List<String> lead(StateGraph way, Actors actors) {
        List<String> taken = new ArrayList<>();
        int state = 0;
        while (!way.from(state).isEmpty()) {
            StateGraph.Edge edge = way.from(state).getFirst();
            if (actors.admits(edge.step)) {
                actors.take(edge.step);
                taken.add(edge.step);
                actors.check();
            }
            state = edge.to;
        }
        return taken;
    }

    /** Those for which there is time, as schedules. */
    private static List<Job> schedules() throws IOException, TableException {
        TreeMap<String, Job> known = new TreeMap<>();
        for (Job mutant : Job.readAll(SPEC.resolve("mutants.tsv"))) {
            if (isScheduled(mutant)) {
                List<String> scheduled = SCHEDULED.getOrDefault(mutant.module(), List.of());
                known.put(mutant.name(), like(mutant, !isNear(mutant), scheduled));
            }
        }
        for (Job sooner : Job.readAll(SPEC.resolve("schedules.tsv"))) {
            assertNotNull(known.put(sooner.name(), sooner), sooner.name() + " is no mutant");
        }
        // Those of one module together: they are done by the same process.
        return known.values().stream()
                .filter(job -> DEEP ? job.name().contains(ONLY) : !job.deep())
                .map(job -> like(job, false, List.of(job.module(), job.configuration())))
                .sorted(Comparator.comparing(Job::module))
                .toList();
    }

    private static Job like(Job job, boolean deep, List<String> moduleAndConfiguration) {
        return new Job(
                job.name(),
                deep,
                moduleAndConfiguration.getFirst(),
                moduleAndConfiguration.getLast(),
                job.constants(),
                job.falsified(),
                -1,
                -1);
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
