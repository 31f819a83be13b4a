package vivarium.properties.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.RunningServer;

/** Locks between processes. */
class LocksTest {

    private static final int HOLDERS = 3;
    private static final int TURNS_EACH = 8;

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void aMutexLetsOneInAtATime() throws Exception {
        String path = server.freshPath();
        var inside = new AtomicInteger();
        var mostInside = new AtomicInteger();
        List<Callable<Void>> holders = new ArrayList<>();
        for (int i = 0; i < HOLDERS; i++) {
            CuratorFramework curator = server.curator(path);
            holders.add(() -> {
                var mutex = new InterProcessMutex(curator, "/lock");
                for (int turn = 0; turn < TURNS_EACH; turn++) {
                    assertTrue(mutex.acquire(30, TimeUnit.SECONDS));
                    mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    curator.checkExists().forPath("/lock"); // some work
                    inside.decrementAndGet();
                    mutex.release();
                }
                return null;
            });
        }
        runAll(holders);
        assertEquals(1, mostInside.get());
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<Void> task : pool.invokeAll(tasks)) {
                task.get();
            }
        }
    }

    @Test
    void aMutexIsReentrant() throws Exception {
        String path = server.freshPath();
        var mine = new InterProcessMutex(server.curator(path), "/lock");
        var other = new InterProcessMutex(server.curator(path), "/lock");

        mine.acquire();
        assertTrue(mine.acquire(1, TimeUnit.SECONDS));
        mine.release();
        assertFalse(other.acquire(50, TimeUnit.MILLISECONDS), "held once more than released");
        mine.release();
        assertTrue(other.acquire(10, TimeUnit.SECONDS));
        other.release();
    }

    @Test
    void aSemaphoreMutexIsNotReentrant() throws Exception {
        var mutex = new InterProcessSemaphoreMutex(server.curator(server.freshPath()), "/lock");
        mutex.acquire();
        assertFalse(mutex.acquire(50, TimeUnit.MILLISECONDS));
        mutex.release();
        assertTrue(mutex.acquire(10, TimeUnit.SECONDS));
        mutex.release();
    }

    @Test
    void readersShareAndAWriterExcludes() throws Exception {
        String path = server.freshPath();
        var one = new InterProcessReadWriteLock(server.curator(path), "/lock");
        var two = new InterProcessReadWriteLock(server.curator(path), "/lock");

        one.readLock().acquire();
        assertTrue(two.readLock().acquire(10, TimeUnit.SECONDS), "readers share");
        assertFalse(two.writeLock().acquire(50, TimeUnit.MILLISECONDS), "a reader is inside");
        two.readLock().release();
        one.readLock().release();

        assertTrue(two.writeLock().acquire(10, TimeUnit.SECONDS));
        assertFalse(one.readLock().acquire(50, TimeUnit.MILLISECONDS), "a writer is inside");
        assertTrue(two.readLock().acquire(1, TimeUnit.SECONDS), "a writer may read");
        two.readLock().release();
        two.writeLock().release();
        assertTrue(one.readLock().acquire(10, TimeUnit.SECONDS));
        one.readLock().release();
    }

    @Test
    void aSemaphoreHasAsManyLeasesAsItSays() throws Exception {
        String path = server.freshPath();
        var one = new InterProcessSemaphoreV2(server.curator(path), "/semaphore", 2);
        var two = new InterProcessSemaphoreV2(server.curator(path), "/semaphore", 2);

        Lease first = one.acquire(10, TimeUnit.SECONDS);
        Lease second = two.acquire(10, TimeUnit.SECONDS);
        assertNotNull(first);
        assertNotNull(second);
        assertNull(one.acquire(50, TimeUnit.MILLISECONDS), "both leases are out");
        two.returnLease(second);
        Lease third = one.acquire(10, TimeUnit.SECONDS);
        assertNotNull(third);
        one.returnAll(List.of(first, third));
    }

    @Test
    void severalLocksAreTakenAsOneOrNotAtAll() throws Exception {
        String path = server.freshPath();
        CuratorFramework curator = server.curator(path);
        InterProcessLock held = new InterProcessMutex(server.curator(path), "/b");
        held.acquire();
        var both = new InterProcessMultiLock(curator, List.of("/a", "/b"));
        assertFalse(both.acquire(50, TimeUnit.MILLISECONDS));

        InterProcessLock free = new InterProcessMutex(server.curator(path), "/a");
        assertTrue(free.acquire(10, TimeUnit.SECONDS), "what was taken in vain is given back");
        free.release();
        held.release();
        assertTrue(both.acquire(10, TimeUnit.SECONDS));
        both.release();
    }

    @Test
    void theLockOfAProcessThatDiesIsFree() throws Exception {
        String path = server.freshPath();
        CuratorFramework doomed = server.curator(path, 1000);
        new InterProcessMutex(doomed, "/lock").acquire();
        var waiting = new InterProcessMutex(server.curator(path), "/lock");
        assertFalse(waiting.acquire(50, TimeUnit.MILLISECONDS));

        doomed.close();
        assertTrue(waiting.acquire(10, TimeUnit.SECONDS));
        waiting.release();
    }
}
