package vivarium.properties.replay;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import vivarium.spec.Checker;

/** Tests of one module of the specification: one checker for all, which keeps TLC warm. */
abstract class WarmChecker {
    /** Whether there is time for what a build has none for. */
    static final boolean DEEP = Boolean.getBoolean("graphs.deep");

    /** What the names have in them of those that are looked at then. */
    static final String ONLY = System.getProperty("graphs.only", "");

    static final Path SPEC = Path.of("..", "spec").toAbsolutePath();

    @TempDir static Path work = Path.of("never");

    /** Of the class of tests that runs. */
    static Checker checker = new Checker(SPEC, work);

    @BeforeAll
    static void begin() {
        checker = new Checker(SPEC, work);
    }

    @AfterAll
    static void end() throws IOException {
        checker.close();
    }
}
