package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.Replica;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;

/** Whom a server serves that has lost its ensemble, and with what. */
final class ReadOnlyClientsTest {
    private static final long OF_THE_ENSEMBLE = 77;
    private final World world = onlyReading();

    private static World onlyReading() {
        Replica replica = Replica.fresh(true);
        replica.loadSession(OF_THE_ENSEMBLE, 4_000);
        return World.onlyReading(replica);
    }

    @BeforeEach
    void itHasLookedForLong() {
        world.pass(10 * World.TICK);
        world.newLines();
    }

    private List<String> connects(long connection, long session, boolean readOnly) {
        world.step(
                new Input.Connect(connection, session, true, 4_000, 0, readOnly, RandomTxns.WHO));
        return said();
    }

    private List<String> said() {
        return world.newLines().stream().filter(line -> Character.isDigit(line.charAt(0))).toList();
    }

    private List<String> asks(Operation operation) {
        world.ask(1, 5, operation);
        return said();
    }

    @Test
    void whoWouldPutUpWithItReads() {
        assertEquals(List.of("1 welcome 4000"), connects(1, 0, true));
        assertEquals(List.of("1 reply 5 "), asks(World.get("/zookeeper", false)));
    }

    @Test
    void othersAreSentAway() {
        assertEquals(List.of("1 close READ_ONLY"), connects(1, 0, false));
    }

    /** It goes on where the ensemble is. */
    @Test
    void aSessionOfTheEnsembleDoesNotGoOnHere() {
        assertEquals(List.of("1 close READ_ONLY"), connects(1, OF_THE_ENSEMBLE, true));
    }

    @Test
    void nothingIsWrittenAndNothingCaughtUpWith() {
        connects(1, 0, true);
        List<Operation> refused =
                List.of(
                        World.create("/a", 0),
                        World.set("/zookeeper", "x"),
                        new Operation.Delete(Path.of("/zookeeper"), -1),
                        new Operation.SetAcl(Path.of("/zookeeper"), World.OPEN, -1),
                        new Operation.Multi(List.of(World.create("/a", 0))),
                        new Operation.Sync(Path.of("/zookeeper")));
        for (Operation operation : refused) {
            assertEquals(List.of("1 reply 5 NOT_READ_ONLY"), asks(operation), operation::toString);
        }
        assertTrue(world.log.isEmpty());
    }

    @Test
    void aSessionOfItsOwnEndsWhenItIsSilentAndCanBeClosed() {
        connects(1, 0, true);
        world.pass(3_000);
        assertEquals(List.of("1 reply 5 "), asks(World.get("/zookeeper", false)));
        world.pass(3_000);
        assertEquals(List.of("1 reply 5 "), asks(World.get("/zookeeper", false)));
        world.pass(6_000);
        assertEquals(List.of("1 close SESSION_EXPIRED"), said());
        connects(2, 0, true);
        world.ask(2, 5, new Operation.CloseSession());
        assertEquals(List.of("2 reply 5 Done", "2 close SESSION_CLOSED"), said());
    }
}
