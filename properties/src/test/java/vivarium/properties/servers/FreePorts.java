package vivarium.properties.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Ports that nobody listens on, each given once. They are from below those that the system gives to
 * outgoing connections: a server that is away for a moment must find its port free again.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;

    private final RandomGenerator random = RandomGenerator.getDefault();
    private final TreeSet<Integer> given = new TreeSet<>();

    public int next() {
        while (true) {
            int port = random.nextInt(LOWEST, HIGHEST);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (BindException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
