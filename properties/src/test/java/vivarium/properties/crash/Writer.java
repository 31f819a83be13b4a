package vivarium.properties.crash;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * Writes without waiting for answers, and keeps account of what was acknowledged, what was refused
 * and what nobody knows. Three kinds of writes take turns: a sequential znode, a version of a
 * counter, and a pair of znodes made by one transaction.
 */
final class Writer {

    private static final int IN_FLIGHT = 64;

    /** Numbers of sequential znodes and the names that the server acknowledged. */
    final Map<Integer, String> acknowledgedNames = new ConcurrentHashMap<>();

    final Set<Integer> acknowledgedPairs = ConcurrentHashMap.newKeySet();

    /** Everything that was ever sent and that the server did not refuse. */
    final Set<Integer> maybeThere = ConcurrentHashMap.newKeySet();

    final int number;
    private final ZooKeeper client;
    private final AtomicInteger acknowledged;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final AtomicInteger counterAcknowledged = new AtomicInteger();
    private int counterSent;
    private int next;
    private volatile boolean failing;
    private volatile boolean closed;

    /**
     * @param acknowledged counts the acknowledgements of all writers
     */
    Writer(int number, ZooKeeper client, AtomicInteger acknowledged) {
        this.number = number;
        this.client = client;
        this.acknowledged = acknowledged;
    }

    String counterPath() {
        return "/counter" + number;
    }

    /** What it is told to write from here on is written, until {@link #stop}. */
    void begin() {
        failing = false;
    }

    /** Writes no more, also where no write was under way that could fail. */
    void stop() {
        failing = true;
    }

    /** Writes until the first failure, or until it is told to stop. */
    void writeUnder(String parent) throws InterruptedException {
        while (!failing && !closed) {
            inFlight.acquire();
            switch (next % 3) {
                case 0 -> createSequential(parent);
                case 1 -> setCounter();
                default -> createPair(parent);
            }
            next++;
        }
    }

    /** Returns when every write has its answer, if only that the connection was lost. */
    void quiesce() throws InterruptedException {
        if (!inFlight.tryAcquire(IN_FLIGHT, 30, TimeUnit.SECONDS)) {
            throw new AssertionError("a write without an answer after 30 s");
        }
        inFlight.release(IN_FLIGHT);
    }

    private void createSequential(String parent) {
        int mine = next;
        maybeThere.add(mine);
        client.create(
                parent + "/w" + number + "-",
                new Payload(number, mine).toBytes(),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT_SEQUENTIAL,
                (code, _, _, name) -> {
                    if (succeeded(code, mine)) {
                        acknowledgedNames.put(mine, name);
                    }
                },
                null);
    }

    private void createPair(String parent) {
        int mine = next;
        byte[] payload = new Payload(number, mine).toBytes();
        String path = parent + "/pair-" + number + "-" + mine;
        maybeThere.add(mine);
        client.multi(
                List.of(
                        Op.create(path + "-a", payload, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.create(
                                path + "-b", payload, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)),
                (code, _, _, _) -> {
                    if (succeeded(code, mine)) {
                        acknowledgedPairs.add(mine);
                    }
                },
                null);
    }

    /** The counter's data is its version: a write that happened twice would part them. */
    private void setCounter() {
        int version = ++counterSent;
        int mine = next;
        client.setData(
                counterPath(),
                new Payload(number, version).toBytes(),
                version - 1,
                (code, _, _, _) -> {
                    if (succeeded(code, mine)) {
                        counterAcknowledged.accumulateAndGet(version, Math::max);
                    }
                },
                null);
    }

    private boolean succeeded(int code, int mine) {
        inFlight.release();
        switch (Code.get(code)) {
            case OK -> {
                acknowledged.incrementAndGet();
                return true;
            }
            case CONNECTIONLOSS -> failing = true;
            default -> {
                maybeThere.remove(mine);
                failing = true;
            }
        }
        return false;
    }

    /** Checks the counter that was found after a crash, and counts on from there. */
    void resumeFrom(int version, Payload data) {
        if (data.writer() != number || data.number() != version) {
            throw new AssertionError("version " + version + " of a counter holds " + data);
        }
        if (version < counterAcknowledged.get() || version > counterSent) {
            throw new AssertionError(
                    "the counter is at %d, acknowledged was %d and sent was %d"
                            .formatted(version, counterAcknowledged.get(), counterSent));
        }
        counterSent = version;
    }

    void close() throws InterruptedException {
        closed = true;
        client.close();
    }
}
