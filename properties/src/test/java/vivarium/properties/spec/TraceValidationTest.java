package vivarium.properties.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.simulation.server.Mistake;
import vivarium.spec.Checker;
import vivarium.spec.Job;
import vivarium.spec.Verdict;

/**
 * What simulated servers do is a behaviour of the specification: the model checker follows each of
 * their steps, and finds every server as it was after it.
 *
 * <p>How many traces: {@code -Dtraces.count=N}; from which seed: {@code -Dtraces.from=S}.
 */
final class TraceValidationTest {
    private static final Path SPEC = Path.of("..", "spec");
    private static final Job JOB = Job.of("traces", "trace/TraceZab.tla", "trace/trace.cfg");
    private static final int LINES = 200;
    private static final long FROM = Long.getLong("traces.from", 1);
    private static final int COUNT = Integer.getInteger("traces.count", 800);

    /** What a build can't miss. */
    private static final List<String> ALWAYS_SEEN =
            List.of(
                    "Admit",
                    "Connect",
                    "AcceptedEpochSaved",
                    "Crash",
                    "CurrentEpochSaved",
                    "Durable",
                    "Follow",
                    "Lead",
                    "LogRead",
                    "OnAck",
                    "OnAckEpoch",
                    "OnCommit",
                    "OnDiff",
                    "OnInform",
                    "OnLeaderInfo",
                    "OnLearnerInfo",
                    "OnLinkDown",
                    "OnLinkUp",
                    "OnNewLeader",
                    "OnPropose",
                    "OnUpToDate",
                    "Propose",
                    "Start");

    @TempDir private Path work = Path.of("never");

    @Test
    void allThatServersDoIsABehaviourOfZab() throws IOException, InterruptedException {
        Traces traces = new Traces();
        traces.record(FROM, COUNT, LINES, Mistake.NONE);
        assertNull(mismatch(traces.lines(), traces));
        for (String action : ALWAYS_SEEN) {
            assertTrue(traces.counts().getOrDefault(action, 0) > 0, action + " was never seen");
        }
    }

    @Test
    void aServerThatIsNotAsItMustBeIsFound() throws IOException, InterruptedException {
        Traces traces = new Traces();
        traces.record(FROM, 3, LINES, Mistake.NONE);
        List<String> lines = new ArrayList<>(traces.lines());
        int changed = lines.size() / 2;
        while (!lines.get(changed).startsWith("OnPropose")) {
            changed++;
        }
        lines.set(changed, lines.get(changed).replaceFirst("LEARNER_BROADCAST", "LOOKING"));
        assertNotNull(mismatch(lines, traces), "line " + changed + " was taken for right");
    }

    @Test
    void aLostMessageIsFound() throws IOException, InterruptedException {
        Traces traces = new Traces();
        traces.record(FROM, 30, LINES, Mistake.LINKS_LOSE_MESSAGES);
        assertNotNull(mismatch(traces.lines(), traces));
    }

    /** Null if the model checker agrees; otherwise where it does not, for people. */
    private @Nullable String mismatch(List<String> lines, Traces traces)
            throws IOException, InterruptedException {
        Path file = Files.write(work.resolve("traces.txt"), lines);
        Checker checker = new Checker(SPEC.toAbsolutePath(), work);
        Verdict verdict =
                checker.run(JOB, 2, Map.of("trace.file", file.toAbsolutePath().toString()));
        if (verdict.complaint(JOB) == null) {
            assertEquals(lines.stream().filter(line -> !line.isEmpty()).count(), verdict.states());
            return null;
        }
        return Mismatch.of(checker.output(JOB), lines, traces);
    }
}
