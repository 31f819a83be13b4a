package vivarium.properties.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.RunningServer;

/** Queues, barriers and counters. */
class QueuesAndBarriersTest {

    private static final int ITEMS_EACH = 30;

    @RegisterExtension static final RunningServer server = new RunningServer();

    /** The recipe of ZooKeeper's documentation: sequential znodes, taken by deletion. */
    private record SimpleQueue(ZooKeeper client, String path) {

        void put(String item) throws Exception {
            client.create(
                    path + "/item-",
                    item.getBytes(UTF_8),
                    Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_SEQUENTIAL);
        }

        String take() throws Exception {
            while (true) {
                var changed = new CountDownLatch(1);
                for (String name :
                        new TreeSet<>(client.getChildren(path, _ -> changed.countDown()))) {
                    try {
                        byte[] item = client.getData(path + "/" + name, false, null);
                        client.delete(path + "/" + name, -1);
                        return new String(item, UTF_8);
                    } catch (NoNodeException e) {
                        changed.countDown(); // another consumer was faster: look again
                    }
                }
                if (!changed.await(30, TimeUnit.SECONDS)) {
                    throw new AssertionError("nothing was put within 30 s");
                }
            }
        }
    }

    @Test
    void whatProducersPutIsTakenOnceAndInTheOrderOfEachProducer() throws Exception {
        String path = server.freshPath();
        var taken = new ConcurrentLinkedQueue<String>();
        List<Callable<Void>> parties = new ArrayList<>();
        for (String producer : List.of("p", "q")) {
            var queue = new SimpleQueue(server.client(), path);
            parties.add(() -> {
                for (int i = 0; i < ITEMS_EACH; i++) {
                    queue.put(producer + (1000 + i));
                }
                return null;
            });
        }
        var consumer = new SimpleQueue(server.client(), path);
        parties.add(() -> {
            for (int i = 0; i < 2 * ITEMS_EACH; i++) {
                taken.add(consumer.take());
            }
            return null;
        });
        runAll(parties);

        assertEquals(2 * ITEMS_EACH, new TreeSet<>(taken).size());
        for (String producer : List.of("p", "q")) {
            List<String> ofOne = taken.stream().filter(i -> i.startsWith(producer)).toList();
            assertEquals(ofOne.stream().sorted().toList(), ofOne);
        }
    }

    @Test
    void noTwoConsumersGetTheSameItem() throws Exception {
        String path = server.freshPath();
        var filling = new SimpleQueue(server.client(), path);
        for (int i = 0; i < 2 * ITEMS_EACH; i++) {
            filling.put("item" + i);
        }
        var taken = new ConcurrentLinkedQueue<String>();
        List<Callable<Void>> consumers = new ArrayList<>();
        for (int c = 0; c < 2; c++) {
            var queue = new SimpleQueue(server.client(), path);
            consumers.add(() -> {
                for (int i = 0; i < ITEMS_EACH; i++) {
                    taken.add(queue.take());
                }
                return null;
            });
        }
        runAll(consumers);

        assertEquals(2 * ITEMS_EACH, taken.size());
        assertEquals(2 * ITEMS_EACH, new TreeSet<>(taken).size());
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<Void> task : pool.invokeAll(tasks)) {
                task.get();
            }
        }
    }

    @Test
    void aBarrierHoldsAllUntilItIsRemoved() throws Exception {
        String path = server.freshPath();
        var barrier = new DistributedBarrier(server.curator(path), "/barrier");
        barrier.setBarrier();
        var through = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<Boolean>> waiting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                CuratorFramework curator = server.curator(path);
                assertFalse(
                        new DistributedBarrier(curator, "/barrier")
                                .waitOnBarrier(20, TimeUnit.MILLISECONDS));
                waiting.add(
                        pool.submit(() -> {
                            boolean passed =
                                    new DistributedBarrier(curator, "/barrier")
                                            .waitOnBarrier(10, TimeUnit.SECONDS);
                            through.incrementAndGet();
                            return passed;
                        }));
            }
            assertEquals(0, through.get());
            barrier.removeBarrier();
            for (Future<Boolean> each : waiting) {
                assertTrue(each.get());
            }
        }
    }

    @Test
    void aDoubleBarrierLetsAllEnterTogetherAndLeaveTogether() throws Exception {
        String path = server.freshPath();
        int parties = 3;
        var entered = new AtomicInteger();
        var finished = new AtomicInteger();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < parties; i++) {
            CuratorFramework curator = server.curator(path);
            tasks.add(() -> {
                var barrier = new DistributedDoubleBarrier(curator, "/double", parties);
                entered.incrementAndGet();
                assertTrue(barrier.enter(20, TimeUnit.SECONDS));
                assertEquals(parties, entered.get());
                finished.incrementAndGet();
                assertTrue(barrier.leave(20, TimeUnit.SECONDS));
                assertEquals(parties, finished.get());
                return null;
            });
        }
        runAll(tasks);
    }

    @Test
    void aCounterLosesNoIncrement() throws Exception {
        String path = server.freshPath();
        int parties = 3;
        int each = 10;
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < parties; i++) {
            CuratorFramework curator = server.curator(path);
            tasks.add(() -> {
                var counter =
                        new DistributedAtomicLong(curator, "/counter", new RetryNTimes(1000, 1));
                for (int j = 0; j < each; j++) {
                    assertTrue(counter.increment().succeeded());
                }
                return null;
            });
        }
        runAll(tasks);
        var counter =
                new DistributedAtomicLong(server.curator(path), "/counter", new RetryNTimes(1, 1));
        assertEquals(30L, counter.get().postValue());
    }

    @Test
    void aSharedCountTellsTheOthers() throws Exception {
        String path = server.freshPath();
        try (var one = new SharedCount(server.curator(path), "/count", 7);
                var two = new SharedCount(server.curator(path), "/count", 7)) {
            one.start();
            two.start();
            assertEquals(7, two.getCount());
            assertTrue(one.trySetCount(one.getVersionedValue(), 8));
            Await.until("the other has it too", () -> two.getCount() == 8);
        }
    }
}
