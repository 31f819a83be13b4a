package vivarium.net;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The memory of long replies that are on their way, on all connections together. A client may ask
 * for many megabytes at once and then read none of them, and so may others; when there is no room
 * for one more long reply it waits as a record, in the order in which they were asked for. Whoever
 * has read nothing of his for a while, while others wait, is closed.
 */
final class LongReplies {
    /** Shorter ones are not counted: a connection has at most one turn's of them. */
    static final int LEAST_BYTES = 128 * 1024;

    /** Who reads at all has read something after this time. */
    private static final long STALLED_MILLIS = 5_000;

    private static final long LOOK_MILLIS = 1_000;

    private final LoopThread thread;
    private final Inlet inlet;
    private final long budgetBytes;
    private final List<Reply> replies = new ArrayList<>();
    private final Set<Connection> waiting = new LinkedHashSet<>();
    private LoopThread.@Nullable Alarm alarm;
    private boolean releasing;
    private long bytes;

    /** A reply that its client has not read yet, or not all of it. */
    final class Reply {
        private final Connection connection;
        private final ByteBuf buffer;
        private final int length;
        private int unread;
        private long sinceMillis;

        private Reply(Connection connection, ByteBuf buffer) {
            this.connection = connection;
            this.buffer = buffer;
            this.length = buffer.readableBytes();
            this.unread = length;
            this.sinceMillis = inlet.nowMillis();
        }

        /** For how long nothing of it was read. */
        private long stalledMillis(long nowMillis) {
            int now = buffer.readableBytes();
            if (now != unread) {
                unread = now;
                sinceMillis = nowMillis;
            }
            return nowMillis - sinceMillis;
        }
    }

    /**
     * @param budgetBytes how many bytes there may be, unless it is one reply alone
     */
    LongReplies(LoopThread thread, Inlet inlet, long budgetBytes) {
        this.thread = thread;
        this.inlet = inlet;
        this.budgetBytes = budgetBytes;
    }

    /**
     * Whether a reply of this length may be sent now. If not, the connection is flushed again when
     * there is room.
     */
    boolean admits(Connection connection, int length) {
        if (length < LEAST_BYTES) {
            return true;
        }
        boolean first = waiting.isEmpty() || waiting.iterator().next().equals(connection);
        if (first && (bytes == 0 || bytes + length <= budgetBytes)) {
            waiting.remove(connection);
            return true;
        }
        waiting.add(connection);
        if (alarm == null) {
            alarm = thread.schedule(LOOK_MILLIS, this::look);
        }
        return false;
    }

    /** It is on its way; to be told {@link #onSent} of when it is not any more. */
    Reply sending(Connection connection, ByteBuf buffer) {
        Reply reply = new Reply(connection, buffer);
        replies.add(reply);
        bytes += reply.length;
        return reply;
    }

    /** The reply that {@link #sending} has returned was read, or never will be. */
    void onSent(Reply reply) {
        if (replies.remove(reply)) {
            bytes -= reply.length;
            releaseSoon();
        }
    }

    /** The connection has gone. */
    void forget(Connection connection) {
        if (waiting.remove(connection)) {
            releaseSoon();
        }
    }

    private void releaseSoon() {
        if (!releasing && !waiting.isEmpty()) {
            releasing = true;
            thread.execute(this::release);
        }
    }

    private void release() {
        releasing = false;
        while (!waiting.isEmpty()) {
            Connection head = waiting.iterator().next();
            boolean reads = head.onWritable();
            if (!waiting.contains(head)) {
                continue;
            }
            if (reads) {
                return; // there is no room for it
            }
            waiting.remove(head); // it asks again when it has read what is before
        }
    }

    private void look() {
        alarm = null;
        long nowMillis = inlet.nowMillis();
        if (waiting.isEmpty()) {
            return;
        }
        List<Connection> stalled = new ArrayList<>();
        for (Reply reply : replies) {
            if (reply.stalledMillis(nowMillis) >= STALLED_MILLIS) {
                stalled.add(reply.connection);
            }
        }
        for (Connection connection : stalled) {
            connection.abort("it does not read its long reply, and others wait for theirs");
        }
        alarm = thread.schedule(LOOK_MILLIS, this::look);
    }
}
