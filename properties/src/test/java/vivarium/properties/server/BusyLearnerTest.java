package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.net.Inlet;
import vivarium.net.LoopThread;
import vivarium.net.Member;
import vivarium.net.PeerSettings;
import vivarium.net.QuorumLinks;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.servers.Await;

/** A learner whose disk is busy lets a leader wait that says more than can be kept. */
class BusyLearnerTest {
    private static final int NEW_LEADER = 10;
    private static final int PACKET_BYTES = 100_000;

    /** What may be held is an eighth of the heap, or this. */
    private static final long LEAST_BUDGET_BYTES = 64L << 20;

    private static final long SOCKET_BYTES = 48L << 20;
    private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final LoopThread thread = LoopThread.start("busy-learner");
    private final AtomicBoolean holds = new AtomicBoolean(true);
    private final AtomicLong written = new AtomicLong();

    /** As the loop does: what the core holds is told at the end of each turn. */
    private QuorumLinks learner(int port) {
        Member self = new Member(1, true, List.of(new Member.Address("127.0.0.1", 1, 1)));
        Member leader = new Member(2, true, List.of(new Member.Address("127.0.0.1", port, 1)));
        var settings =
                new PeerSettings(
                        1,
                        List.of(self, leader),
                        false,
                        false,
                        5_000,
                        5_000,
                        1,
                        1_000,
                        1 << 20,
                        0,
                        "");
        var all = new QuorumLinks[1];
        Inlet inlet =
                new Inlet() {
                    @Override
                    public long nowMillis() {
                        return 0;
                    }

                    @Override
                    public void step(Input input) {
                        thread.execute(() -> all[0].pace(holds.get()));
                    }
                };
        all[0] = new QuorumLinks(thread, settings, inlet);
        return all[0];
    }

    private void talk(Socket socket) {
        byte[] packet =
                new JuteOut()
                        .int32(NEW_LEADER)
                        .int64(0)
                        .buffer(new byte[PACKET_BYTES])
                        .int32(-1)
                        .toBytes();
        try {
            OutputStream out = socket.getOutputStream();
            while (true) {
                out.write(packet);
                written.addAndGet(packet.length);
            }
        } catch (IOException _) {
            assertTrue(socket.isClosed() || written.get() > 0);
        }
    }

    private long awaitStandstill() throws Exception {
        long[] last = {-1, System.nanoTime()};
        Await.until(
                "no more is read",
                () -> {
                    long now = written.get();
                    if (now != last[0]) {
                        last[0] = now;
                        last[1] = System.nanoTime();
                    }
                    return now > 0 && System.nanoTime() - last[1] > STILL_NANOS;
                });
        return last[0];
    }

    @Test
    void aLeaderThatSaysTooMuchHasToWaitUntilTheDiskIsReady() throws Exception {
        long budget = Math.max(LEAST_BUDGET_BYTES, Runtime.getRuntime().maxMemory() / 8);
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            QuorumLinks learner = learner(listening.getLocalPort());
            thread.execute(() -> {
                learner.entered(PhaseName.LEARNER_DISCOVERY);
                learner.connect(2);
            });
            try (Socket socket = listening.accept()) {
                Thread talker = Thread.ofVirtual().start(() -> talk(socket));
                long stuck = awaitStandstill();
                assertTrue(stuck > budget && stuck < budget + SOCKET_BYTES, "" + stuck);
                holds.set(false);
                thread.execute(() -> learner.pace(false));
                Await.until("it is read again", () -> written.get() > stuck + 2 * SOCKET_BYTES);
                thread.execute(learner::end);
                talker.join();
            }
        } finally {
            thread.stop(1_000);
        }
    }
}
