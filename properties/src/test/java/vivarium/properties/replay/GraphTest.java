package vivarium.properties.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import vivarium.spec.Job;

/**
 * The core and the specification can do the same: in small configurations peers are led along each
 * step that there is, and after each they are as the specification has them, and can do what it
 * can.
 *
 * <p>The larger graphs, too: {@code -Dgraphs.deep=true}; of them only those that have a text in
 * their names: {@code -Dgraphs.only=TEXT}.
 */
final class GraphTest extends WarmChecker {
    private static final Path TABLE = SPEC.resolve("graphs.tsv");

    @Test
    void theCoreGoesAlongEveryStepAndHasNoOther() throws Exception {
        Set<String> seen = new TreeSet<>();
        Set<String> said = new TreeSet<>();
        List<String> changed = new ArrayList<>();
        List<Job> jobs =
                Job.readAll(TABLE).stream()
                        .filter(job -> DEEP ? job.name().contains(ONLY) : !job.deep())
                        .toList();
        try (ExecutorService ahead = Executors.newSingleThreadExecutor()) {
            // While peers are led along one graph, TLC is busy with the next.
            List<Future<StateGraph>> graphs = new ArrayList<>();
            jobs.forEach(job -> graphs.add(ahead.submit(() -> explore(job))));
            for (Job job : jobs) {
                StateGraph graph = graphs.removeFirst().get();
                Cover cover = cover(graph, job, true);
                assertEquals("", String.join("\n\n", cover.differences()), job.name());
                assertEquals(graph.edgeCount(), cover.coveredCount(), job.name());
                String found = graph.size() + " states, " + graph.edgeCount() + " steps";
                if (!found.equals(job.states() + " states, " + job.depth() + " steps")) {
                    changed.add(job.name() + " has " + found);
                }
                seen.addAll(graph.kinds());
                said.addAll(graph.messages());
            }
        }
        assertEquals(List.of(), changed, "if that is meant, put the new numbers into graphs.tsv");
        for (String kind : ONLY.isEmpty() ? KINDS : List.<String>of()) {
            assertTrue(seen.contains(kind), kind + " is in no graph");
        }
        for (String message : ONLY.isEmpty() ? MESSAGES : List.<String>of()) {
            assertTrue(said.contains(message), message + " is in no graph");
        }
    }

    /** What there has to be in some graph. */
    private static final List<String> KINDS =
            List.of(
                    "MCLead",
                    "MCFollow",
                    "LosePatience",
                    "Propose",
                    "AcceptedEpochSaved",
                    "CurrentEpochSaved",
                    "Reloaded",
                    "SnapshotSaved",
                    "Durable",
                    "Restart",
                    "Break",
                    "On",
                    "OnLinkDown",
                    "LogRead",
                    "SnapshotBegins",
                    "Start",
                    "OnNotification",
                    "SettleAtOnce",
                    "SettleLate",
                    "Tells",
                    "GiveUp",
                    "Stop",
                    "Lose",
                    "AskFor",
                    "Commit",
                    "Agree",
                    "Apply",
                    "Ask",
                    "Answer",
                    "Hear",
                    "Leaves",
                    "Connect");

    private static final List<String> MESSAGES =
            List.of(
                    "LEARNERINFO",
                    "LEADERINFO",
                    "ACKEPOCH",
                    "DIFF",
                    "TRUNC",
                    "SNAP",
                    "SNAPTAIL",
                    "PROPOSAL",
                    "COMMIT",
                    "INFORM",
                    "NEWLEADER",
                    "UPTODATE",
                    "ACK",
                    "DOWN");

    /** Peers that are right are not taken for those of a protocol that is wrong. */
    @Test
    void anotherProtocolIsToldApart() throws Exception {
        for (String mistake : List.of("ackOnReceive", "promiseBeforeDisk", "ackBeforeEpoch")) {
            Job job =
                    new Job(
                            mistake,
                            false,
                            ZAB,
                            "replay/graph.cfg",
                            Map.of("Mistake", '"' + mistake + '"'),
                            List.of(),
                            -1,
                            -1);
            assertFalse(cover(explore(job), job, true).differences().isEmpty(), mistake);
        }
    }

    private StateGraph explore(Job job) throws IOException, InterruptedException {
        Path file = checker.graph(job);
        StateGraph graph = StateGraph.read(file);
        Files.delete(file);
        return graph;
    }
}
