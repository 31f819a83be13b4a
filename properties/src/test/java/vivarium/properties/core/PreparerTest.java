package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import vivarium.core.Replica;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/** What is prepared ahead of its commit is what would have been prepared after it. */
final class PreparerTest {
    private static final long SESSION = 0x77;

    /** A leader whose commits lag behind its proposals by up to {@code lag}. */
    private static final class Leader {
        final Replica replica = Replica.fresh(true);
        final Preparer preparer = new Preparer(replica.tree(), World.settings());
        final ArrayDeque<Proposal> outstanding = new ArrayDeque<>();
        final int lag;
        long zxid;

        Leader(int lag) {
            this.lag = lag;
        }

        Txn propose(Operation.Write operation) {
            zxid++;
            long time = 1_000 + zxid;
            Preparer.Asker asker = new Preparer.Asker(SESSION, null, RandomTxns.WHO, zxid, time);
            Txn txn = preparer.prepare(asker, operation);
            outstanding.add(new Proposal(zxid, SESSION, 0, time, txn, true, preparer.digest()));
            while (outstanding.size() > lag) {
                commit();
            }
            return txn;
        }

        void commit() {
            Proposal next = outstanding.remove();
            replica.apply(next);
            assertEquals(next.digest(), replica.digest(), () -> "digest behind " + next);
            preparer.committed(next.zxid());
        }
    }

    @Test
    void proposalsUnderWayAreJudgedAsIfTheyWereCommitted() {
        Seeds.each(
                300,
                random -> {
                    Leader eager = new Leader(0);
                    Leader lagging = new Leader(1 + random.nextInt(40));
                    RandomTxns draw = new RandomTxns(random);
                    for (int i = 0; i < 200; i++) {
                        Operation.Write write = drawWrite(random, draw);
                        assertEquals(eager.propose(write), lagging.propose(write));
                        if (random.nextInt(10) == 0 && !lagging.outstanding.isEmpty()) {
                            lagging.commit();
                        }
                    }
                    while (!lagging.outstanding.isEmpty()) {
                        lagging.commit();
                    }
                    assertEquals(eager.replica.digest(), lagging.replica.digest());
                });
    }

    private static Operation.Write drawWrite(RandomGenerator random, RandomTxns draw) {
        return random.nextInt(50) == 0 ? new Operation.CloseSession() : draw.write();
    }
}
