package vivarium.properties.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.Op;
import vivarium.properties.servers.Brand;

/**
 * What is wrong with a multi may be found when it is read, when it is prepared, or never, since a
 * part before has failed; whether it takes a zxid depends on that. All pairs of parts are tried.
 */
class OddMultisTest {

    private static final List<AclEntry> OPEN = AclEntry.OPEN;

    private static final List<Request> PARTS =
            List.of(
                    new Request.Create(Op.CREATE, "~/s", "x", OPEN, Op.PERSISTENT_SEQUENTIAL),
                    new Request.Check("~", -1),
                    new Request.Check("~", 7),
                    new Request.Delete("~/absent", -1),
                    new Request.Delete("~/", -1),
                    new Request.Check(null, -1),
                    new Request.Delete(null, -1),
                    new Request.SetData(null, "x", -1),
                    new Request.Create(Op.CREATE, null, "x", OPEN, 0),
                    new Request.Create(Op.CREATE2, null, null, null, 0),
                    new Request.Create(Op.CREATE, "~/n", null, null, 0),
                    new Request.Create(Op.CREATE, "~/n", "x", List.of(), 0),
                    new Request.Create(Op.CREATE, "~/n", "x", OPEN, 9),
                    new Request.Create(Op.CREATE, null, "x", null, 9),
                    new Request.Create(Op.CREATE, null, "x", OPEN, 5),
                    new Request.Create(Op.CREATE_CONTAINER, null, "x", OPEN, 4),
                    new Request.CreateTtl("~/t", "x", OPEN, 5, -1),
                    new Request.CreateTtl(null, "x", OPEN, 5, 1000),
                    new Request.Read(Op.EXISTS, "~", false),
                    new Request.SetAcl("~", OPEN, -1));

    @Test
    void everyPairOfPartsHasTheSameAnswer() throws IOException {
        var differences = new ArrayList<String>();
        try (var servers = new TwoServers(Brand.underTest())) {
            for (Request first : PARTS) {
                differences.add(servers.firstDifference(begunWith(first)));
            }
        }
        differences.removeIf(String::isEmpty);
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
    }

    /** Multis of two parts, of which this is the first; the whole, and without its last bytes. */
    private static List<Step> begunWith(Request first) {
        var steps = new ArrayList<Step>();
        steps.add(new Step.NewSession(0, 40_000, true));
        for (Request second : PARTS) {
            var multi = new Request.Multi(List.of(first, second));
            steps.add(new Step.Send(0, List.of(multi)));
            steps.add(new Step.Send(0, List.of(new Request.Truncated(multi, 5))));
        }
        return steps;
    }
}
