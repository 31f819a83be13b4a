package vivarium.properties.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import vivarium.spec.Checker;
import vivarium.spec.Job;

/** Tests of one module of the specification: one checker for all, which keeps TLC warm. */
abstract class WarmChecker {
    /** Whether there is time for what a build has none for. */
    static final boolean DEEP = Boolean.getBoolean("graphs.deep");

    /** What the names have in them of those that are looked at then. */
    static final String ONLY = System.getProperty("graphs.only", "");

    static final Path SPEC = Path.of("..", "spec").toAbsolutePath();

    static final String ZAB = "replay/ReplayZab.tla";
    static final String ELECTION = "replay/ReplayElection.tla";

    static final String TREE = "replay/ReplayTree.tla";

    static final String WATCHES = "replay/ReplayWatches.tla";

    @TempDir static Path work = Path.of("never");

    /** Of the class of tests that runs. */
    static Checker checker = new Checker(SPEC, work);

    /** Who is led along a graph of a job: parts of the core that its module speaks of. */
    static Cover.Births births(Job job, StateGraph graph) throws IOException {
        Map<String, String> constants = Bounds.constants(work.resolve(job.name() + ".cfg"));
        return switch (job.module()) {
            case ZAB -> {
                Bounds bounds = Bounds.of(constants);
                yield () -> new Rig(bounds);
            }
            case WATCHES -> () -> new WatchesRig(constants);
            case TREE -> () -> new TreeRig(constants);
            case ELECTION -> () -> new ElectionRig(constants, graph.around(0));
            default -> throw new IllegalArgumentException("nobody plays " + job.module());
        };
    }

    /** All the way, until there are differences enough. */
    static Cover cover(StateGraph graph, Job job, boolean whole) throws IOException {
        Cover cover = new Cover(graph, births(job, graph), whole);
        cover.walkAll();
        return cover;
    }

    @BeforeAll
    static void begin() {
        checker = new Checker(SPEC, work);
    }

    @AfterAll
    static void end() throws IOException {
        checker.close();
    }
}
