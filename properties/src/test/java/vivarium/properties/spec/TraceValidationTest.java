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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivarium.simulation.server.Mistake;
import vivarium.spec.Checker;
import vivarium.spec.Job;
import vivarium.spec.Verdict;

/**
 * What simulated servers do is a behaviour of the specification: the model checker follows each of
 * their steps, and finds every server as it was after it.
 *
 * <p>Some runs are as the swarm draws them, and the others are led to what is rare. How many of the
 * former: {@code -Dtraces.count=N}; from which seed: {@code -Dtraces.from=S}.
 */
final class TraceValidationTest {
    private static final Path SPEC = Path.of("..", "spec");
    private static final Job JOB = Job.of("traces", "trace/TraceZab.tla", "trace/trace.cfg");
    private static final int LINES = 250;
    private static final int LINES_OF_CUTS = 400;
    private static final int ENOUGH = 100;
    private static final long FROM = Long.getLong("traces.from", 1);
    private static final int COUNT = Integer.getInteger("traces.count", 110);

    private static final int EVENTS = 100_000;

    @TempDir private Path work = Path.of("never");

    /** Seconds by itself, minutes on a machine that has other things to do. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void allThatServersDoIsABehaviourOfZab() throws IOException, InterruptedException {
        Traces traces = new Traces();
        traces.record(FROM, COUNT, LINES, Mistake.NONE);
        traces.record(Steering.CUTS, ENOUGH, LINES_OF_CUTS);
        traces.record(Steering.CONFIRMATIONS, ENOUGH, LINES);
        traces.record(Steering.READS_OF_THE_LOG, ENOUGH, LINES);
        traces.record(Steering.LOSSES, ENOUGH, LINES);
        assertNull(mismatch(traces.lines(), traces));
        assertEquals(List.of(), traces.violations());
        List<Actions.Row> table = Actions.read(SPEC.resolve("actions.tsv"));
        assertEquals(
                List.of(), Actions.unseen(table, traces.counts(), traces.places(), traces.kinds()));
        assertTrue(traces.events() >= EVENTS, traces.events() + " events");
    }

    @Test
    void whatNoTraceShowsIsNamed() {
        List<Actions.Row> table =
                List.of(
                        Actions.row("Zab\tLead\tcore.zab.Looking.settle\t-\tLead"),
                        Actions.row(
                                "Zab\tOnAck\tcore.zab.LeaderSynchronization.on;"
                                        + "core.zab.LeaderBroadcast.onAck\tMessage.Ack\tOnAck:7"),
                        Actions.row("Zab\tConfirm\tcore.zab.LeaderBroadcast.onPong\t-\tConfirm"),
                        Actions.row("-\t-\t-\tInput.Tick,Message.Pong,Message.Ping:0\t-"));
        assertEquals(
                List.of(
                        "Lead: seen 99 times of 100",
                        "core.zab.LeaderSynchronization.on: never seen in a validated trace",
                        "Confirm: seen 0 times of 100",
                        "core.zab.LeaderBroadcast.onPong: never seen in a validated trace",
                        "Message.Pong: never seen in a validated trace"),
                Actions.unseen(
                        table,
                        Map.of("Lead", 99, "OnAck", 7),
                        Set.of("Lead LOOKING", "OnAck LEADER_BROADCAST"),
                        Set.of("Message.Ack", "Input.Tick")));
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
        try (Checker checker = new Checker(SPEC.toAbsolutePath(), work)) {
            Verdict verdict =
                    checker.run(JOB, 2, Map.of("trace.file", file.toAbsolutePath().toString()));
            if (verdict.complaint(JOB) == null) {
                assertEquals(
                        lines.stream().filter(line -> !line.isEmpty()).count(), verdict.states());
                return null;
            }
            return Mismatch.of(checker.output(JOB), lines, traces);
        }
    }
}
