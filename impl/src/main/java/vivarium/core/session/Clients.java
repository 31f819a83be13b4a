package vivarium.core.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.CloseReason;
import vivarium.core.Effects;
import vivarium.core.Input;
import vivarium.core.LongMap;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.TreeListener;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.watch.WatchEvent;
import vivarium.core.watch.Watches;

/**
 * The clients of this server, while it serves any: their connections, what they wait for, and what
 * they watch. Reads are answered here, in the order of their session; all else goes {@link Upstream
 * upstream} and is answered when its transaction is applied here.
 */
public final class Clients {
    /** Apache answers what it does not know before the request has a zxid, and says so. */
    private static final long UNIMPLEMENTED_ZXID = -1;

    private final Settings settings;
    private final Effects effects;
    private final Replica replica;
    private final Upstream upstream;
    private final SessionIds sessionIds;
    private final Watches watches;
    private final Reads reads;
    private final LongMap<Connection> connections = new LongMap<>();

    /**
     * The newest connection of each session; also one that has gone, as long as writes and syncs of
     * it are under way: the session's next connection inherits them, so that it reads behind them
     * and takes no answer for its own that is theirs.
     */
    private final LongMap<Connection> bySession = new LongMap<>();

    private int waiting;
    private final List<Connection> throttled = new ArrayList<>();

    public Clients(
            Settings settings,
            Effects effects,
            Replica replica,
            Upstream upstream,
            SessionIds sessionIds) {
        this.settings = settings;
        this.effects = effects;
        this.replica = replica;
        this.upstream = upstream;
        this.sessionIds = sessionIds;
        this.watches = new Watches(this::deliver);
        this.reads =
                new Reads(replica, watches, settings, (id, event, _) -> effects.notify(id, event));
        replica.tree().listen(new Changes());
    }

    /** What the tree tells of while it changes. */
    private final class Changes implements TreeListener {
        @Override
        public void onChange(WatchEvent event, List<Acl> acl) {
            watches.fire(event, acl);
        }

        @Override
        public void onOverQuota(OverQuota excess) {
            effects.overQuota(excess);
        }
    }

    private void deliver(long id, WatchEvent event, List<Acl> acl) {
        Connection connection = connections.get(id);
        if (connection != null && reads.shows(connection, event.path(), acl)) {
            effects.notify(id, event);
        }
    }

    /** A client wants a session: a new one, or the one that it had. */
    public void onConnect(Input.Connect connect) {
        if (connect.lastZxidSeen() > replica.lastProcessedZxid()) {
            effects.close(connect.connection(), CloseReason.AHEAD_OF_SERVER);
            return;
        }
        int timeout = settings.timing().negotiate(connect.timeoutMillis());
        boolean fresh = connect.sessionId() == 0;
        if (!fresh && !connect.passwordRight()) {
            effects.reject(connect.connection());
            return;
        }
        long session = fresh ? sessionIds.next() : connect.sessionId();
        Connection connection =
                new Connection(connect.connection(), session, timeout, connect.identities());
        connections.put(connection.id, connection);
        if (fresh) {
            bySession.put(session, connection);
            Operation.CreateSession create = new Operation.CreateSession(timeout);
            upstream.submit(session, 0, create, connection.identities);
        } else {
            leave(bySession.get(session));
            upstream.revalidate(connection.id, session, timeout);
        }
    }

    /** Its client has left it: what still comes would be late, and pass for asked elsewhere. */
    private static void leave(@Nullable Connection before) {
        if (before != null) {
            before.welcome = false;
        }
    }

    /** The leader has said whether the session lives that a client came back for. */
    public void onRevalidated(long id, boolean valid) {
        Connection connection = connections.get(id);
        if (connection == null || connection.welcome) {
            return;
        }
        if (!valid) {
            connections.remove(id);
            effects.reject(id);
            return;
        }
        Connection before = bySession.put(connection.sessionId, connection);
        if (before != null) {
            if (connections.get(before.id) == before) {
                close(before, CloseReason.SESSION_MOVED);
            }
            connection.pipeline.addAll(before.pipeline);
            before.pipeline.clear();
        }
        welcome(connection);
    }

    private void welcome(Connection connection) {
        connection.welcome = true;
        effects.welcome(
                connection.id,
                connection.sessionId,
                connection.timeoutMillis,
                upstream.isReadOnly());
    }

    /** A client has proven to be somebody else besides. */
    public void onIdentified(Input.Identified identified) {
        Connection connection = connections.get(identified.connection());
        if (connection != null && !connection.identities.contains(identified.identity())) {
            List<Identity> more = new ArrayList<>(connection.identities);
            more.add(identified.identity());
            connection.identities = List.copyOf(more);
        }
    }

    /** A client asks. What comes on a connection that is being closed is not heard any more. */
    public void onRequest(Input.Request request) {
        Connection connection = connections.get(request.connection());
        if (connection == null || !connection.welcome) {
            return;
        }
        upstream.touch(connection.sessionId, connection.timeoutMillis);
        Operation operation = request.operation();
        if (operation instanceof Operation.Read read && connection.pipeline.isEmpty()) {
            answerRead(connection, request.xid(), read);
            return;
        }
        connection.pipeline.add(new Connection.Waiting(request.xid(), operation));
        waiting++;
        switch (operation) {
            case Operation.Write write ->
                    upstream.submit(
                            connection.sessionId, request.xid(), write, connection.identities);
            case Operation.Sync _ -> upstream.sync(connection.sessionId);
            case Operation.Read _ -> {}
        }
        if (waiting > settings.maxOutstanding() && !connection.throttled) {
            connection.throttled = true;
            throttled.add(connection);
            effects.throttle(connection.id, true);
        }
    }

    private void answerRead(Connection connection, int xid, Operation.Read read) {
        Outcome outcome = reads.answer(connection, read);
        if (read instanceof Operation.Unknown) {
            effects.reply(connection.id, xid, UNIMPLEMENTED_ZXID, outcome);
            close(connection, CloseReason.UNKNOWN_REQUEST);
        } else {
            answer(connection, xid, outcome);
        }
    }

    private void answer(Connection connection, int xid, Outcome outcome) {
        effects.reply(connection.id, xid, replica.lastProcessedZxid(), outcome);
    }

    /** Whether the client that has asked for this is connected here, and is told of its outcome. */
    public boolean serves(Proposal proposal) {
        return bySession.get(proposal.sessionId()) != null;
    }

    /** A transaction has just been applied here, and all watches have been told. */
    public void onCommitted(Proposal proposal, Outcome outcome) {
        Connection connection = bySession.get(proposal.sessionId());
        if (connection == null) {
            return;
        }
        if (proposal.txn() instanceof Txn.CreateSession) {
            onOpened(proposal.sessionId());
            return;
        }
        Connection.Waiting head = firstWrite(connection);
        if (head != null && head.xid == proposal.cxid()) {
            head.outcome = outcome;
            if (isMoved(outcome) && connections.get(connection.id) == connection) {
                close(connection, CloseReason.SESSION_MOVED);
            }
            drain(connection);
        }
        if (proposal.txn() instanceof Txn.CloseSession) {
            boolean asked = head != null && head.operation instanceof Operation.CloseSession;
            CloseReason reason = asked ? CloseReason.SESSION_CLOSED : CloseReason.SESSION_EXPIRED;
            if (connections.get(connection.id) == connection) {
                close(connection, reason);
            }
            forget(connection);
        }
    }

    /** There is the session now that a client has asked for. */
    void onOpened(long sessionId) {
        Connection connection = bySession.get(sessionId);
        if (connection != null
                && !connection.welcome
                && connections.get(connection.id) == connection) {
            welcome(connection);
        }
    }

    /** What came of the first write or sync of a session that has no answer yet. */
    void answer(long sessionId, Outcome outcome) {
        Connection connection = bySession.get(sessionId);
        if (connection == null) {
            return;
        }
        for (Connection.Waiting request : connection.pipeline) {
            if (!request.isReady()) {
                request.outcome = outcome;
                break;
            }
        }
        drain(connection);
    }

    /** The session has ended, without anybody else having to know. */
    void end(long sessionId, CloseReason reason) {
        Connection connection = bySession.get(sessionId);
        if (connection != null) {
            if (connections.get(connection.id) == connection) {
                close(connection, reason);
            }
            forget(connection);
        }
    }

    /** The session has ended: nothing of it will be answered any more. */
    private void forget(Connection connection) {
        waiting -= connection.pipeline.size();
        connection.pipeline.clear();
        forgetIfGone(connection);
    }

    /** The leader knows that the session goes on at another server. */
    private static boolean isMoved(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                && failed.error() == ErrorCode.SESSION_MOVED;
    }

    private static Connection.@Nullable Waiting firstWrite(Connection connection) {
        for (Connection.Waiting request : connection.pipeline) {
            if (request.outcome == null && request.operation instanceof Operation.Write) {
                return request;
            }
        }
        return null;
    }

    /** This server has caught up with what had been proposed when the session's sync was asked. */
    public void onSynced(long sessionId) {
        Connection connection = bySession.get(sessionId);
        if (connection == null) {
            return;
        }
        for (Connection.Waiting request : connection.pipeline) {
            if (request.outcome == null && request.operation instanceof Operation.Sync sync) {
                request.outcome = new Outcome.Synced(sync.path());
                break;
            }
        }
        drain(connection);
    }

    /** Answers all that waits for nothing but its turn. */
    private void drain(Connection connection) {
        Connection.Waiting head = connection.pipeline.peek();
        while (head != null && head.isReady()) {
            connection.pipeline.remove();
            waiting--;
            Outcome outcome = head.outcome;
            if (outcome != null) {
                if (!head.silent) {
                    answer(connection, head.xid, outcome);
                }
            } else if (head.operation instanceof Operation.Read read) {
                answerRead(connection, head.xid, read);
            }
            head = connection.pipeline.peek();
        }
        forgetIfGone(connection);
        relax();
    }

    private void relax() {
        if (!throttled.isEmpty() && waiting <= settings.maxOutstanding() / 2) {
            List<Connection> relaxed = List.copyOf(throttled);
            throttled.clear();
            for (Connection connection : relaxed) {
                connection.throttled = false;
                if (connections.get(connection.id) == connection) {
                    effects.throttle(connection.id, false);
                }
            }
        }
    }

    /** A connection has gone; its session stays, and so does what it has under way upstream. */
    public void onDisconnected(long id) {
        Connection connection = connections.get(id);
        if (connection != null) {
            detach(connection);
        }
    }

    private void close(Connection connection, CloseReason reason) {
        effects.close(connection.id, reason);
        detach(connection);
    }

    private void detach(Connection connection) {
        connections.remove(connection.id);
        watches.disconnect(connection.id);
        waiting -= connection.pipeline.size();
        connection.pipeline.removeIf(request -> request.operation instanceof Operation.Read);
        waiting += connection.pipeline.size();
        for (Connection.Waiting request : connection.pipeline) {
            request.silent = true;
        }
        forgetIfGone(connection);
        relax();
    }

    private void forgetIfGone(Connection connection) {
        if (connection.pipeline.isEmpty()
                && connections.get(connection.id) != connection
                && bySession.get(connection.sessionId) == connection) {
            bySession.remove(connection.sessionId);
        }
    }

    /** This server serves no longer: every client must look for another. */
    public void closeAll() {
        for (long id : connections.sortedKeys()) {
            effects.close(id, CloseReason.NOT_SERVING);
        }
    }

    /** How many requests wait for an answer. */
    public int waiting() {
        return waiting;
    }

    /** The watches of the clients. */
    public Watches watches() {
        return watches;
    }
}
