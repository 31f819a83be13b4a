package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;

/** Every way to read a znode asks whether its client may; and which watches are which. */
final class ReadRightsTest {
    private static final Path SECRET = Path.of("/secret");
    private final World world = new World();

    private String answer(Operation operation) {
        world.ask(1, 9, operation);
        world.settle();
        List<String> said = world.newLines();
        String last = said.getLast();
        return last.substring(last.lastIndexOf(' ') + 1);
    }

    private void made() {
        world.connect(1, 10_000);
        answer(World.create("/secret", 0));
    }

    @Test
    void whoMayNotReadReadsNothing() {
        made();
        answer(new Operation.SetAcl(SECRET, List.of(new Acl(Acl.WRITE, "world", "anyone")), -1));
        List<Operation> reads =
                List.of(
                        new Operation.GetData(SECRET, true),
                        new Operation.Exists(SECRET, true),
                        new Operation.GetChildren(SECRET, true, true),
                        new Operation.GetAllChildrenNumber(SECRET),
                        new Operation.GetAcl(SECRET),
                        new Operation.CheckVersion(SECRET, 0));
        for (Operation read : reads) {
            assertEquals("NO_AUTH", answer(read), read::toString);
        }
        assertEquals(0, world.peer().status().watchCount(), "and watches nothing");
    }

    /** The types of the field's own numbers: 1 children, 2 data, 3 any, 4 and 5 persistent. */
    @Test
    void aWatchIsFoundByItsOwnTypeOnly() {
        made();
        Operation[] leave = {
            new Operation.GetChildren(SECRET, true, false),
            new Operation.GetData(SECRET, true),
            new Operation.AddWatch(SECRET, 0),
            new Operation.AddWatch(SECRET, 1),
        };
        int[] types = {1, 2, 4, 5};
        for (int left = 0; left < leave.length; left++) {
            answer(leave[left]);
            for (int type : types) {
                String expected = type == types[left] ? "Done" : "NO_WATCHER";
                Operation check = new Operation.CheckWatches(SECRET, type);
                assertEquals(expected, answer(check), left + " as " + type);
            }
            assertEquals("Done", answer(new Operation.CheckWatches(SECRET, 3)));
            assertEquals("Done", answer(new Operation.RemoveWatches(SECRET, types[left])));
            assertEquals("NO_WATCHER", answer(new Operation.RemoveWatches(SECRET, 3)));
        }
    }
}
