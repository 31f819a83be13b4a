package vivarium.properties.badinput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;

/**
 * A client that does nothing wrong: it writes and reads its own znode all the time, and wants every
 * answer right and soon.
 */
final class Bystander {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final String path;
    private final RawClient client;
    private final Thread thread;
    private final AtomicInteger rounds = new AtomicInteger();
    private volatile boolean ending;
    private volatile @Nullable Throwable failure;
    private volatile long longestNanos;

    Bystander(int port, String path) throws IOException {
        this.path = path;
        client = RawClient.newSession(port);
        Frame created =
                client.call(
                        Op.CREATE,
                        Requests.create(path, new byte[Integer.BYTES], AclEntry.OPEN, 0));
        assertEquals(ErrorCode.OK, created.err());
        thread = Thread.ofPlatform().name("bystander").start(this::work);
    }

    private void work() {
        try {
            while (!ending) {
                long start = System.nanoTime();
                round();
                longestNanos = Math.max(longestNanos, System.nanoTime() - start);
                rounds.incrementAndGet();
            }
        } catch (IOException | AssertionError e) {
            failure = e;
        }
    }

    private void round() throws IOException {
        int number = rounds.get();
        byte[] data = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
        Frame set = client.call(Op.SET_DATA, Requests.setData(path, data, number));
        assertEquals(ErrorCode.OK, set.err());
        byte[] read = client.call(Op.GET_DATA, Requests.read(path, false)).in().buffer();
        assertTrue(read != null && ByteBuffer.wrap(read).getInt() == number);
    }

    /** Returns when the bystander has done so many rounds more, none of them wrong or slow. */
    void mustGetOn(int moreRounds) throws Exception {
        int until = rounds.get() + moreRounds;
        Await.until(
                "the bystander gets on",
                Duration.ofSeconds(20),
                () -> rounds.get() >= until || failure != null);
        Throwable failed = failure;
        if (failed != null) {
            throw new AssertionError("the bystander was disturbed", failed);
        }
        assertTrue(
                longestNanos < SOON.toNanos(),
                () -> "the bystander had to wait for " + longestNanos / 1_000_000 + " ms");
    }

    void close() throws Exception {
        ending = true;
        thread.join();
        client.call(Op.CLOSE_SESSION, new JuteOut());
        client.close();
    }
}
