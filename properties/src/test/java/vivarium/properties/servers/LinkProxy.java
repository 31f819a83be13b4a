package vivarium.properties.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What lies between two servers, in one direction of connecting: it passes on, or later, or not at
 * all, and it breaks connections.
 */
public final class LinkProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECT_MILLIS = 2_000;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean blocked;
    private volatile int delayMillis;

    /** Passes on to {@code target}, a port of this machine. */
    public LinkProxy(int target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var _ = Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** From now on nothing is passed on, until it is called again. */
    public void block(boolean on) {
        lock.lock();
        try {
            blocked = on;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on each piece is passed on so much later. */
    public void delay(int millis) {
        delayMillis = millis;
    }

    /** Breaks all connections that there are. */
    public void cut() {
        sockets.forEach(LinkProxy::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                sockets.add(near);
                var _ = Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException _) {
                Thread.onSpinWait(); // closed: the loop ends
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        sockets.add(far);
        try {
            awaitOpen();
            far.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                    CONNECT_MILLIS);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pump(far, near));
            pump(near, far);
            back.join();
        } catch (IOException _) {
            cut(near, far);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            cut(near, far);
            sockets.remove(near);
            sockets.remove(far);
        }
    }

    private static void cut(Socket near, Socket far) {
        close(near);
        close(far);
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(buffer);
            while (count >= 0) {
                awaitOpen();
                if (delayMillis > 0) {
                    TimeUnit.MILLISECONDS.sleep(delayMillis);
                }
                out.write(buffer, 0, count);
                count = in.read(buffer);
            }
        } catch (IOException _) {
            cut(from, to);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            cut(from, to);
        }
    }

    private void awaitOpen() throws InterruptedException {
        lock.lock();
        try {
            while (blocked) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        block(false);
        cut();
    }
}
