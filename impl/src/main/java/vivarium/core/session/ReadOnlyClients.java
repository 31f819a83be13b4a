package vivarium.core.session;

import java.util.List;
import java.util.function.LongSupplier;
import vivarium.core.CloseReason;
import vivarium.core.Effects;
import vivarium.core.Input;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.tree.Identity;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;

/**
 * The clients of a server that has lost its ensemble: those that said that they would put up with
 * it read what it has, which may be old, and may even have writes that are never agreed. Their
 * sessions are known here only, and end when this server takes part in an ensemble again.
 */
public final class ReadOnlyClients implements Upstream {
    private static final Outcome REFUSED = new Outcome.Failed(ErrorCode.NOT_READ_ONLY);

    private final Effects effects;
    private final Replica replica;
    private final LongSupplier nowMillis;
    private final Expiry expiry;
    private final Clients clients;

    /**
     * @param nowMillis the time of the step that is being taken
     */
    public ReadOnlyClients(
            Settings settings,
            Effects effects,
            Replica replica,
            SessionIds sessionIds,
            LongSupplier nowMillis) {
        this.effects = effects;
        this.replica = replica;
        this.nowMillis = nowMillis;
        this.expiry = new Expiry(settings.timing().tickMillis());
        this.clients = new Clients(settings, effects, replica, this, sessionIds);
    }

    /** The clients as any server has them. */
    public Clients clients() {
        return clients;
    }

    /** What a client does, or time. */
    public void step(Input input) {
        switch (input) {
            case Input.Connect connect -> onConnect(connect);
            case Input.Request request -> clients.onRequest(request);
            case Input.Disconnected gone -> clients.onDisconnected(gone.connection());
            case Input.Identified identified -> clients.onIdentified(identified);
            case Input.OfTime _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
        for (long session : expiry.expire(nowMillis.getAsLong())) {
            expiry.remove(session);
            clients.end(session, CloseReason.SESSION_EXPIRED);
        }
    }

    /** A session of the ensemble goes on elsewhere, or when the ensemble is back: not here. */
    private void onConnect(Input.Connect connect) {
        if (connect.readOnly() && !replica.hasSession(connect.sessionId())) {
            clients.onConnect(connect);
        } else {
            effects.close(connect.connection(), CloseReason.READ_ONLY);
        }
    }

    /** When {@link #step} is owed. */
    public long deadlineMillis() {
        return expiry.deadlineMillis();
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public void submit(
            long sessionId, int xid, Operation.Write operation, List<Identity> identities) {
        switch (operation) {
            case Operation.CreateSession create -> {
                expiry.track(nowMillis.getAsLong(), sessionId, create.timeoutMillis());
                clients.onOpened(sessionId);
            }
            case Operation.CloseSession _ -> {
                expiry.remove(sessionId);
                clients.answer(sessionId, Outcome.Done.DONE);
                clients.end(sessionId, CloseReason.SESSION_CLOSED);
            }
            case Operation.Write _ -> clients.answer(sessionId, REFUSED);
        }
    }

    @Override
    public void sync(long sessionId) {
        clients.answer(sessionId, REFUSED);
    }

    @Override
    public void revalidate(long connection, long sessionId, int timeoutMillis) {
        boolean open = expiry.touch(nowMillis.getAsLong(), sessionId, timeoutMillis);
        clients.onRevalidated(connection, open);
    }

    @Override
    public void touch(long sessionId, int timeoutMillis) {
        expiry.touch(nowMillis.getAsLong(), sessionId, timeoutMillis);
    }
}
