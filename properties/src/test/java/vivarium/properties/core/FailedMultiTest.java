package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.Replica;
import vivarium.core.tree.Path;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/** A multi that has failed does nothing, however a leader has written it down. */
final class FailedMultiTest {

    /** Apache's leaders leave the parts before the one that failed as they were asked. */
    @Test
    void theGoodPartsOfAFailedMultiAreNotDone() {
        Replica replica = Replica.fresh(false);
        Path path = Path.of("/a");
        Txn create =
                new Txn.Create(Operation.CreateKind.CREATE, path, null, World.OPEN, false, 1, -1);
        Txn multi =
                new Txn.Multi(List.of(create, new Txn.Failure(ErrorCode.NO_NODE.code()), create));
        long before = replica.digest();
        Outcome outcome = replica.apply(new Proposal(1, 7, 1, 1_000, multi, false, 0));
        assertNull(replica.tree().find(path));
        assertEquals(before, replica.digest());
        assertEquals(
                new Outcome.MultiOutcome(
                        List.of(
                                new Outcome.Failed(ErrorCode.OK),
                                new Outcome.Failed(ErrorCode.NO_NODE),
                                new Outcome.Failed(ErrorCode.RUNTIME_INCONSISTENCY))),
                outcome);
    }

    /** The other servers have the same tree as the one that has the client. */
    @Test
    void whereNobodyIsToldOfItAMultiDoesTheSame() {
        Txn create =
                new Txn.Create(
                        Operation.CreateKind.CREATE, Path.of("/a"), null, World.OPEN, false, 1, -1);
        Txn set = new Txn.SetData(Path.of("/a"), null, 1, false);
        Txn failure = new Txn.Failure(ErrorCode.NO_NODE.code());
        for (List<Txn> parts : List.of(List.of(create, failure), List.of(create, set))) {
            Proposal proposal = new Proposal(1, 7, 1, 1_000, new Txn.Multi(parts), false, 0);
            Replica telling = Replica.fresh(false);
            Replica silent = Replica.fresh(false);
            telling.apply(proposal, true);
            assertEquals(Outcome.Done.DONE, silent.apply(proposal, false));
            assertEquals(telling.digest(), silent.digest());
            assertEquals(telling.tree().nodeCount(), silent.tree().nodeCount());
        }
    }
}
