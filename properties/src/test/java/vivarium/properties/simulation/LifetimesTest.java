package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.simulation.check.Lifetimes;
import vivarium.simulation.engine.Violation;

/** The check of what leaders remove falls on a leader that removes too much or too soon. */
class LifetimesTest {
    private static final Path CONTAINER = Path.of("/c");
    private static final Path CHILD = Path.of("/c/k");
    private static final Path MORTAL = Path.of("/t");
    private static final Path PLAIN = Path.of("/p");

    private final Lifetimes lifetimes = new Lifetimes();
    private long zxid;

    @Test
    void aContainerMayGoWhenItsLastChildHasGone() {
        create(0, CreateKind.CONTAINER, CONTAINER, -1);
        create(0, CreateKind.CREATE, CHILD, -1);
        assertNull(lifetimes.leftOver());
        agreed(0, new Txn.Delete(CHILD, false));
        assertEquals(CONTAINER, lifetimes.leftOver());
        remove(0, CONTAINER);
        assertNull(lifetimes.leftOver());
    }

    @Test
    void aContainerWithAChildMustStay() {
        create(0, CreateKind.CONTAINER, CONTAINER, -1);
        create(0, CreateKind.CREATE, CHILD, -1);
        assertFalls(0, CONTAINER);
    }

    @Test
    void aContainerThatNeverHadAChildMustStay() {
        create(0, CreateKind.CONTAINER, CONTAINER, -1);
        assertFalls(0, CONTAINER);
    }

    @Test
    void aTimeToLiveBeginsAgainWithEveryChange() {
        create(1_000, CreateKind.TTL, MORTAL, 100);
        assertFalls(1_100, MORTAL);
        agreed(1_100, new Txn.SetData(MORTAL, null, 1, false));
        assertFalls(1_200, MORTAL);
        remove(1_201, MORTAL);
    }

    @Test
    void whatIsNeitherMustStay() {
        create(0, CreateKind.CREATE, PLAIN, -1);
        assertFalls(1_000_000, PLAIN);
    }

    @Test
    void whatAFailedMultiWouldHaveDoneIsNotCounted() {
        create(0, CreateKind.CONTAINER, CONTAINER, -1);
        Txn child = new Txn.Create(CreateKind.CREATE, CHILD, null, List.of(), false, 1, -1);
        agreed(0, new Txn.Multi(List.of(child, new Txn.Failure(-101))));
        assertFalls(0, CONTAINER);
    }

    private void assertFalls(long wallMillis, Path path) {
        Violation violation = assertThrows(Violation.class, () -> remove(wallMillis, path));
        assertEquals("MortalsLiveTheirTime", violation.invariant());
    }

    private void create(long wallMillis, CreateKind kind, Path path, long ttlMillis) {
        agreed(wallMillis, new Txn.Create(kind, path, null, List.of(), false, 1, ttlMillis));
    }

    private void remove(long wallMillis, Path path) {
        agreed(wallMillis, new Txn.Delete(path, true));
    }

    private void agreed(long wallMillis, Txn txn) {
        lifetimes.agreed(new Proposal(++zxid, 1, 1, wallMillis, txn, false, 0));
    }
}
