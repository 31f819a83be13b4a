package vivarium.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes sessions, each over a connection of its own, from as many threads as there are
 * to be at a time.
 */
final class SessionLoad {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final List<InetSocketAddress> servers;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private final List<Histogram> latencies = new ArrayList<>();
    private volatile boolean counting;
    private volatile boolean stopped;

    SessionLoad(List<InetSocketAddress> servers) {
        this.servers = servers;
    }

    /** The CPU time of the whole process counts, since no one thread does it all. */
    LoadResult run(Load load, LoadGenerator.Probe probe) throws IOException {
        OperatingSystemMXBean self =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < load.outstanding(); i++) {
            Histogram latency = new Histogram(LONGEST_NANOS, 3);
            latencies.add(latency);
            InetSocketAddress server = servers.get(i % servers.size());
            threads.add(
                    Thread.ofPlatform().name("session-" + i).start(() -> churn(server, latency)));
        }
        try {
            await(load.warmUp());
            probe.onBegin();
            long cpu = self.getProcessCpuTime();
            long begin = System.nanoTime();
            counting = true;
            await(load.measured());
            counting = false;
            double seconds = (System.nanoTime() - begin) / 1e9;
            cpu = self.getProcessCpuTime() - cpu;
            probe.onEnd();
            end(threads);
            Histogram all = new Histogram(LONGEST_NANOS, 3);
            latencies.forEach(all::add);
            return new LoadResult(all.getTotalCount(), seconds, all, cpu);
        } finally {
            end(threads);
        }
    }

    private void await(Duration time) throws IOException {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            IOException failed = failure.get();
            if (failed != null) {
                throw new IOException("a session could not be opened and closed", failed);
            }
            LockSupport.parkNanos(Math.min(10_000_000, until - System.nanoTime()));
        }
    }

    private void end(List<Thread> threads) throws IOException {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void churn(InetSocketAddress server, Histogram latency) {
        while (!stopped) {
            boolean counted = counting;
            long start = System.nanoTime();
            try (SocketChannel channel = SocketChannel.open()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.socket().connect(server, PATIENCE_MILLIS);
                Handshake.shakeHands(channel, PATIENCE_MILLIS);
                Handshake.sayGoodbye(channel, 1);
                Handshake.awaitEnd(channel, 1);
            } catch (IOException e) {
                failure.compareAndSet(null, e);
                return;
            }
            if (counted && counting) {
                latency.recordValue(Math.min(System.nanoTime() - start, LONGEST_NANOS));
            }
        }
    }
}
