package vivarium.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What spec/check runs, in every build; and whether it would tell if something were wrong. */
final class SpecificationTest {
    private static final Path TABLE = Path.of("checks.tsv");

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
                Verdict.of(List.of("Model checking completed. No error has been found."), 0, 1);
        Job mutant = Job.parse(TABLE, 1, "m\tbuild\tM.tla\tm.cfg\tMistake=\"m\"\tA,B\t-\t-");
        assertNotNull(fine.complaint(mutant));
        assertNull(fine.complaint(Job.of("a", "b", "c")));
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
}
