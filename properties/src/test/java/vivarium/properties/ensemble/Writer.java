package vivarium.properties.ensemble;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import vivarium.properties.servers.Await;

/**
 * A client that creates one znode after the other, reads each, and remembers which it was told that
 * they are there. A loss of the connection leaves one in doubt, and it goes on with the next.
 */
final class Writer implements AutoCloseable {
    private final ZooKeeper client;
    private final String parent;
    private final List<String> acknowledged = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean ending;

    Writer(ZooKeeper client, String parent) throws Exception {
        this.client = client;
        this.parent = parent;
        client.create(parent, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        this.thread = Thread.ofPlatform().name("writer").start(this::run);
    }

    private void run() {
        try {
            for (int i = 0; !ending; i++) {
                write(parent + "/" + i, ("value " + i).getBytes(UTF_8));
            }
        } catch (KeeperException | InterruptedException | RuntimeException e) {
            failure.set(e);
        }
    }

    private void write(String path, byte[] data) throws KeeperException, InterruptedException {
        try {
            client.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            acknowledged.add(path);
            count.incrementAndGet();
            String read = new String(client.getData(path, false, null), UTF_8);
            if (!read.equals(new String(data, UTF_8))) {
                throw new AssertionError(path + " has " + read);
            }
        } catch (KeeperException.ConnectionLossException _) {
            // In doubt; the client connects again by itself, and what comes next waits for that.
            Thread.onSpinWait();
        }
    }

    /** Waits until so many more writes have been acknowledged. */
    void awaitMore(int more) throws Exception {
        int wanted = count.get() + more;
        Await.until(
                more + " more writes are acknowledged",
                Duration.ofSeconds(60),
                () -> {
                    rethrow();
                    return count.get() >= wanted;
                });
    }

    private void rethrow() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new AssertionError("the writer ended after " + count.get(), cause);
        }
    }

    /** Ends; what was acknowledged. */
    List<String> end() throws InterruptedException {
        ending = true;
        thread.join();
        rethrow();
        return acknowledged;
    }

    @Override
    public void close() {
        ending = true;
        try {
            client.close();
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
