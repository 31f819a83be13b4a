package vivarium.properties.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatch.CloseMode;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.RunningServer;

/** Leader election by ephemeral sequential znodes. */
class LeaderElectionTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void oneOfManyLatchesLeadsAndWhenItGoesAnotherDoes() throws Exception {
        String path = server.freshPath();
        List<LeaderLatch> latches = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var latch = new LeaderLatch(server.curator(path), "/leader", "candidate" + i);
            latches.add(latch);
            latch.start();
        }

        while (!latches.isEmpty()) {
            Await.until("one leads", () -> leaders(latches) == 1);
            LeaderLatch leader =
                    latches.stream().filter(LeaderLatch::hasLeadership).findFirst().orElseThrow();
            assertEquals(leader.getId(), latches.getFirst().getLeader().getId());
            Await.until("all take part", () -> leader.getParticipants().size() == latches.size());
            latches.remove(leader);
            leader.close(CloseMode.SILENT);
        }
    }

    private static long leaders(List<LeaderLatch> latches) {
        return latches.stream().filter(LeaderLatch::hasLeadership).count();
    }

    @Test
    void aLeaderThatIsCutOffIsReplaced() throws Exception {
        String path = server.freshPath();
        CuratorFramework doomed = server.curator(path, 1000);
        var first = new LeaderLatch(doomed, "/leader");
        try (var second = new LeaderLatch(server.curator(path), "/leader")) {
            first.start();
            assertTrue(first.await(10, TimeUnit.SECONDS));
            second.start();
            Await.until("two candidates", () -> second.getParticipants().size() == 2);

            doomed.close(); // its session ends; the latch itself is not asked
            assertTrue(second.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void selectorsLeadOneAfterTheOtherAndNeverTwoAtOnce() throws Exception {
        String path = server.freshPath();
        var leadersNow = new AtomicInteger();
        var mostAtOnce = new AtomicInteger();
        var turns = new Semaphore(0);
        List<LeaderSelector> selectors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var selector =
                    new LeaderSelector(
                            server.curator(path),
                            "/leader",
                            new LeaderSelectorListenerAdapter() {
                                @Override
                                public void takeLeadership(CuratorFramework client)
                                        throws Exception {
                                    mostAtOnce.accumulateAndGet(
                                            leadersNow.incrementAndGet(), Math::max);
                                    client.checkExists().forPath("/leader"); // some work
                                    leadersNow.decrementAndGet();
                                    turns.release();
                                }
                            });
            selectors.add(selector);
            selector.autoRequeue();
            selector.start();
        }

        boolean done = turns.tryAcquire(12, 30, TimeUnit.SECONDS);
        selectors.forEach(LeaderSelector::close);
        assertTrue(done, "twelve turns");
        assertEquals(1, mostAtOnce.get());
    }

    @Test
    void aSelectorGivesWayWhenItIsInterrupted() throws Exception {
        String path = server.freshPath();
        var leading = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        try (var selector =
                new LeaderSelector(
                        server.curator(path),
                        "/leader",
                        new LeaderSelectorListenerAdapter() {
                            @Override
                            public void takeLeadership(CuratorFramework client)
                                    throws InterruptedException {
                                leading.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } finally {
                                    over.countDown();
                                }
                            }
                        })) {
            selector.start();
            assertTrue(leading.await(10, TimeUnit.SECONDS));
            selector.interruptLeadership();
            assertTrue(over.await(10, TimeUnit.SECONDS));
        }
    }
}
