package vivarium.benchmarks.compare;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the machine itself takes for the parts of a write, as medians: nobody's write can be quicker
 * than the parts that come one after the other.
 *
 * @param forceMicros to write 4 KiB into a file that has its blocks, and to force it (fdatasync)
 * @param pingPongMicros for 100 bytes over a loopback connection, and 100 back, between two threads
 */
public record Floor(double forceMicros, double pingPongMicros) {
    private static final int FORCES = 400;
    private static final int PING_PONGS = 4_000;
    private static final int BLOCK_BYTES = 4096;
    private static final int MESSAGE_BYTES = 100;

    /** Measures both, within a second or two, on the disk that {@code directory} is on. */
    static Floor measure(Path directory) throws IOException, InterruptedException {
        return new Floor(force(directory), pingPong());
    }

    /** The less of each: the more is what others did to the machine. */
    Floor least(Floor other) {
        return new Floor(
                Math.min(forceMicros, other.forceMicros),
                Math.min(pingPongMicros, other.pingPongMicros));
    }

    /** The least that a write takes which waits for so many ping-pongs, one after the other. */
    double writeMicros(int pingPongs) {
        return forceMicros + pingPongs * pingPongMicros;
    }

    private static double force(Path directory) throws IOException {
        Path file = directory.resolve("floor");
        long[] nanos = new long[FORCES];
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            for (int i = 0; i < FORCES; i++) {
                channel.write(block.rewind(), (long) i * BLOCK_BYTES);
            }
            channel.force(true);
            for (int i = 0; i < FORCES; i++) {
                long begin = System.nanoTime();
                channel.write(block.rewind(), (long) i * BLOCK_BYTES);
                channel.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return medianMicros(nanos);
    }

    private static double pingPong() throws IOException, InterruptedException {
        AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        long[] nanos = new long[PING_PONGS];
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread echo =
                    Thread.ofPlatform()
                            .name("echo")
                            .start(() -> {
                                try (SocketChannel channel = listening.accept()) {
                                    answer(channel);
                                } catch (IOException e) {
                                    failure.set(e);
                                }
                            });
            try (SocketChannel channel = SocketChannel.open(listening.getLocalAddress())) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
                for (int i = 0; i < PING_PONGS; i++) {
                    long begin = System.nanoTime();
                    channel.write(message.clear());
                    readAll(channel, message.clear());
                    nanos[i] = System.nanoTime() - begin;
                }
            }
            echo.join();
        }
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return medianMicros(nanos);
    }

    private static void answer(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        for (int i = 0; i < PING_PONGS; i++) {
            readAll(channel, message.clear());
            channel.write(message.flip());
        }
    }

    private static void readAll(SocketChannel channel, ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                throw new EOFException("the other end of a ping-pong has gone");
            }
        }
    }

    private static double medianMicros(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e3;
    }
}
