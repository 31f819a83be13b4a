package vivarium.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vivarium.core.CloseReason;
import vivarium.core.LongMap;
import vivarium.core.PhaseName;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.wire.ClientCodec;
import vivarium.wire.JuteWriter;

/**
 * The port that clients connect to, with all of its connections. Everything but {@link #open} and
 * {@link #stopAccepting} belongs to the loop's thread.
 *
 * <p>Its limits: the length of a frame, the number of connections per address and in all, the time
 * without a session, the requests in flight per connection and their bytes, the bytes of requests
 * in flight, of unfinished frames and of long replies on all connections together. Where one of the
 * last five is reached the port stops reading, so that TCP slows the clients down; at the others it
 * closes.
 */
public final class ClientPort {
    /** Above the high mark a connection is not read, and what it is sent waits as records. */
    private static final WriteBufferWaterMark WATER_MARKS =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    /**
     * How long those who connect are kept waiting behind the end of service, since a new leader is
     * there in a fraction of that. A server that has lost its ensemble for good sends them away.
     */
    private static final int HOLD_MILLIS = 1_000;

    private static final int SCRATCH_BYTES = 64 * 1024;

    /**
     * What one client may ask for at once: a list of some millions of children. Clients take less
     * unless they are told to take more.
     */
    private static final int LONGEST_REPLY_BYTES = 64 << 20;

    private static final long SMALLEST_BUDGET_BYTES = 64L << 20;

    private final LoopThread thread;
    private final PortSettings settings;
    private final Inlet inlet;
    private final Proofs proofs;
    private final Words words;
    private final ClientCodec codec;
    private final JuteWriter scratch = new JuteWriter(SCRATCH_BYTES, LONGEST_REPLY_BYTES);
    private final Traffic traffic = new Traffic();
    private final Grumbles grumbles = new Grumbles("clients");
    private final Tracing tracing = new Tracing();
    private final LongMap<Connection> connections = new LongMap<>();
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private final long budgetBytes;
    private final LongReplies longReplies;
    private final Admission admission;
    private final Audit audit;

    private ArrayList<Connection> dirty = new ArrayList<>();
    private ArrayList<Connection> dirtySpare = new ArrayList<>();
    private ArrayList<Intake> resuming = new ArrayList<>();
    private ArrayList<Intake> throttled = new ArrayList<>();
    private byte[] frame = new byte[SCRATCH_BYTES];
    private volatile @Nullable Channel listening;
    private long lastConnection;
    private long heldBytes;
    private long inFlight;
    private long inFlightBytes;
    private long largeBytes;
    private boolean paused;
    private boolean throttling;
    private boolean serving;

    /** Whether this server leads, and is not to serve clients while it does. */
    private boolean turningAway;

    /** Ends the time in which those who connect are kept waiting; null where they are not. */
    private LoopThread.@Nullable Alarm holding;

    private ArrayList<Connection> early = new ArrayList<>();

    public ClientPort(
            LoopThread thread,
            PortSettings settings,
            Inlet inlet,
            Proofs proofs,
            Words words,
            Audit audit) {
        this.audit = audit;
        this.admission =
                new Admission(
                        settings.admission(),
                        RandomGenerator.getDefault(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        this.thread = thread;
        this.settings = settings;
        this.inlet = inlet;
        this.proofs = proofs;
        this.words = words;
        this.codec = new ClientCodec(settings.maxFrameBytes());
        this.budgetBytes =
                Math.max(
                        Runtime.getRuntime().maxMemory() / 8,
                        Math.max(SMALLEST_BUDGET_BYTES, 4L * settings.maxFrameBytes()));
        this.longReplies = new LongReplies(thread, inlet, budgetBytes);
    }

    /**
     * Opens the port; clients are served from now on. Called by any thread but the loop's.
     *
     * @return where it listens
     * @throws PortException if the address is taken or not ours
     */
    public InetSocketAddress open() throws PortException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(thread.group())
                        .channel(thread.serverChannel())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        // Without delay (TCP_NODELAY) netty's sockets are by themselves.
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.RECVBUF_ALLOCATOR, LoopThread.receiveBuffers())
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(channel);
                                    }
                                });
        if (settings.keepAlive()) {
            bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        if (settings.backlog() > 0) {
            bootstrap.option(ChannelOption.SO_BACKLOG, settings.backlog());
        }
        ChannelFuture bound = bootstrap.bind(settings.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new PortException(
                    "can't listen on " + settings.address() + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        bound.channel().pipeline().addLast(new AcceptFailures(grumbles, inlet, settings.address()));
        listening = bound.channel();
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Takes no new connections from now on; those that are there stay. Called by any thread. */
    public void stopAccepting() {
        Channel open = listening;
        if (open != null) {
            LoopThread.close(open);
        }
    }

    private void accept(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            LoopThread.close(channel); // gone before it was accepted
            return;
        }
        InetAddress address = remote.getAddress();
        int here = perAddress.getOrDefault(address, 0);
        if (settings.maxPerAddress() > 0 && here >= settings.maxPerAddress()) {
            refuse(channel, remote, "more than " + settings.maxPerAddress() + " from its address");
            return;
        }
        if (settings.maxConnections() > 0 && connections.size() >= settings.maxConnections()) {
            refuse(channel, remote, "more than " + settings.maxConnections() + " connections");
            return;
        }
        perAddress.put(address, here + 1);
        Connection connection = new Connection(this, channel, ++lastConnection, remote);
        connections.put(connection.id(), connection);
        channel.pipeline().addLast(connection);
    }

    private void refuse(Channel channel, InetSocketAddress remote, String reason) {
        traffic.onRejected();
        grumble(remote, reason);
        LoopThread.close(channel);
    }

    void onGone(Connection connection) {
        if (connections.remove(connection.id()) == null) {
            return;
        }
        InetAddress address = connection.remote().getAddress();
        int left = perAddress.getOrDefault(address, 1) - 1;
        if (left == 0) {
            perAddress.remove(address);
        } else {
            perAddress.put(address, left);
        }
    }

    // ---- effects on clients

    /** See {@link vivarium.core.Effects#welcome}. */
    public void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly) {
        Connection to = connections.get(connection);
        if (to != null) {
            to.welcome(sessionId, timeoutMillis, readOnly);
        }
    }

    /** See {@link vivarium.core.Effects#entered}. */
    public void entered(PhaseName phase) {
        boolean before = serving;
        serving = phase.isServing();
        turningAway = phase == PhaseName.LEADER_BROADCAST && !settings.leaderServes();
        if (serving) {
            // The phase is not quite entered yet, and may be over by then.
            thread.execute(() -> {
                if (serving) {
                    releaseEarly();
                }
            });
        } else if (before) {
            cancelHolding();
            holding = thread.schedule(HOLD_MILLIS, this::releaseEarly);
        }
    }

    private void cancelHolding() {
        if (holding != null) {
            holding.cancel();
            holding = null;
        }
    }

    /** Those who had to wait are served now, or told that this server does not serve. */
    private void releaseEarly() {
        cancelHolding();
        ArrayList<Connection> now = early;
        early = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            now.get(i).introduce();
        }
    }

    /** Whether a client that asks for a session now had better wait a moment. */
    boolean isHolding() {
        return holding != null && !serving;
    }

    /** Keeps this connection waiting; its {@link Connection#introduce} is called then. */
    void onEarly(Connection connection) {
        early.add(connection);
    }

    /** Whether clients are not served though the peer would. */
    boolean isTurningAway() {
        return turningAway;
    }

    /** See {@link vivarium.core.Effects#reject}. */
    public void reject(long connection) {
        Connection to = connections.get(connection);
        if (to != null) {
            to.reject();
        }
    }

    /** See {@link vivarium.core.Effects#reply}. */
    public void reply(long connection, int xid, long zxid, Outcome outcome) {
        Connection to = connections.get(connection);
        if (to != null) {
            to.reply(xid, zxid, outcome);
        }
    }

    /** See {@link vivarium.core.Effects#notify}. */
    public void event(long connection, WatchEvent event) {
        Connection to = connections.get(connection);
        if (to != null) {
            to.event(event);
        }
    }

    /** See {@link vivarium.core.Effects#close}. */
    public void close(long connection, CloseReason reason) {
        Connection to = connections.get(connection);
        if (to != null) {
            to.close(reason);
        }
    }

    /** See {@link vivarium.core.Effects#throttle}. */
    public void throttle(long connection, boolean on) {
        Connection to = connections.get(connection);
        if (to != null) {
            to.throttle(on);
        }
    }

    /** Sends what was gathered in this turn, one buffer and one system call a connection. */
    public void flush() {
        ArrayList<Connection> now = dirty;
        dirty = dirtySpare;
        dirtySpare = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).flush();
        }
        now.clear();
    }

    /** Takes no more requests; those that were taken are answered. */
    public void pause() {
        paused = true;
    }

    /** Whether every request that was taken has its reply. */
    public boolean isIdle() {
        return inFlight == 0;
    }

    /** Closes every connection, once what was sent to it is on its way. */
    public void closeAll() {
        for (long id : connections.sortedKeys()) {
            Connection connection = connections.get(id);
            if (connection != null) {
                connection.depart();
            }
        }
        flush();
    }

    /** Cuts every connection; what was not sent yet is not sent any more. */
    public void abortAll() {
        for (long id : connections.sortedKeys()) {
            Connection connection = connections.get(id);
            if (connection != null) {
                connection.abort(null);
            }
        }
    }

    // ---- what connections need

    LoopThread thread() {
        return thread;
    }

    PortSettings settings() {
        return settings;
    }

    Inlet inlet() {
        return inlet;
    }

    Proofs proofs() {
        return proofs;
    }

    Words words() {
        return words;
    }

    ClientCodec codec() {
        return codec;
    }

    JuteWriter scratch() {
        return scratch;
    }

    LongReplies longReplies() {
        return longReplies;
    }

    /** Room for a frame of {@code length} bytes, which is used again for the next one. */
    byte[] frame(int length) {
        if (frame.length < length) {
            frame = new byte[Math.max(length, 2 * frame.length)];
        }
        return frame;
    }

    long wallMillis() {
        return System.currentTimeMillis();
    }

    /** Whether the requests in flight take so many bytes that none may join them. */
    boolean isThrottling() {
        return throttling || paused;
    }

    /** Waits with this connection until {@link #isThrottling} is over. */
    void onThrottled(Intake intake) {
        traffic.onThrottleWait();
        throttled.add(intake);
    }

    private void releaseThrottled() {
        ArrayList<Intake> now = throttled;
        throttled = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            now.get(i).resumeSoon();
        }
    }

    void resumeSoon(Intake intake) {
        if (resuming.isEmpty()) {
            thread.execute(this::resumeAll);
        }
        resuming.add(intake);
    }

    private void resumeAll() {
        ArrayList<Intake> now = resuming;
        resuming = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            now.get(i).resume();
        }
    }

    void onDirty(Connection connection) {
        dirty.add(connection);
    }

    void onHeldBytes(int more) {
        heldBytes += more;
    }

    boolean holdsTooMuch() {
        return heldBytes > budgetBytes;
    }

    /** So many more requests are in flight, with so many bytes, of which so many of large ones. */
    void onInFlight(int requests, long bytes, long large) {
        inFlight += requests;
        inFlightBytes += bytes;
        largeBytes += large;
        int max = settings.requests().maxRequests();
        if (!throttling) {
            throttling = inFlightBytes > budgetBytes || (max > 0 && inFlight >= max);
        } else if (inFlightBytes < budgetBytes / 2 && (max == 0 || inFlight <= max / 2)) {
            throttling = false;
            releaseThrottled();
        }
    }

    /** Whether one more request of this length is large, and one too many. */
    boolean isTooMuchAtLarge(int length) {
        RequestLimits limits = settings.requests();
        boolean tooMuch = limits.isLarge(length) && largeBytes + length > limits.maxLargeBytes();
        if (tooMuch) {
            traffic.onLargeRejected();
        }
        return tooMuch;
    }

    /** Whether one more client may connect now. */
    boolean admits(boolean isNew) {
        traffic.onConnectRequest(isNew);
        boolean admitted =
                admission.admits(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), isNew);
        if (!admitted) {
            traffic.onDropped();
        }
        return admitted;
    }

    Audit audit() {
        return audit;
    }

    void grumble(InetSocketAddress remote, String reason) {
        grumbles.say(inlet.nowMillis(), remote.toString().substring(1), reason);
    }

    void fault(InetSocketAddress remote, Throwable cause) {
        grumbles.fault(inlet.nowMillis(), remote.toString().substring(1), cause);
    }

    // ---- for operators

    /** What has gone over this port. */
    public Traffic traffic() {
        return traffic;
    }

    /** What is written down of what goes over this port. */
    public Tracing tracing() {
        return tracing;
    }

    /** How many connections there are. */
    public int connectionCount() {
        return connections.size();
    }

    /** Who says which clients may connect. */
    public Admission admission() {
        return admission;
    }

    /** How long a connection may be without a session. */
    public int sessionlessMillis() {
        return settings.sessionlessMillis();
    }

    /** Every connection, in the order in which they came. */
    public List<ConnectionReport> reports() {
        List<ConnectionReport> reports = new ArrayList<>(connections.size());
        for (long id : connections.sortedKeys()) {
            Connection connection = connections.get(id);
            if (connection != null) {
                reports.add(connection.report());
            }
        }
        return reports;
    }

    /** Starts the counters of every connection anew. */
    public void resetConnectionCounters() {
        for (long id : connections.sortedKeys()) {
            Connection connection = connections.get(id);
            if (connection != null) {
                connection.resetCounters();
            }
        }
    }
}
