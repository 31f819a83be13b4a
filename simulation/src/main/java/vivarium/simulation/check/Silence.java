package vivarium.simulation.check;

import java.util.List;
import java.util.TreeMap;
import vivarium.core.Input;
import vivarium.core.txn.Operation;
import vivarium.core.zab.Message;

/**
 * When a server that leads has last heard of which session, by its own clock, whatever the real
 * time: a session that was heard of within its time-out must not be ended.
 */
public final class Silence {
    private final TreeMap<Long, Long> heard = new TreeMap<>();
    private long ledSinceMillis;

    /** From now on the server leads, and every session has a whole time-out again. */
    public void leads(long nowMillis) {
        heard.clear();
        ledSinceMillis = nowMillis;
    }

    /**
     * Something has come to the leader.
     *
     * @param session the session of the client's connection that it came over, 0 for none
     */
    public void hears(long nowMillis, Input input, long session) {
        switch (input) {
            case Input.Request _ -> hear(session, nowMillis);
            case Input.Received(long _, Message.Pong(long _, List<Message.Touched> sessions)) -> {
                for (Message.Touched touched : sessions) {
                    hear(touched.sessionId(), nowMillis);
                }
            }
            case Input.Received(long _, Message.Revalidate ask) -> hear(ask.sessionId(), nowMillis);
            case Input.Received(long _, Message.Request request) -> {
                if (request.operation() instanceof Operation.CreateSession) {
                    hear(request.sessionId(), nowMillis);
                }
            }
            default -> {}
        }
    }

    private void hear(long session, long nowMillis) {
        if (session != 0) {
            heard.put(session, nowMillis);
        }
    }

    /** For how long nothing was heard of the session. */
    public long silentMillis(long session, long nowMillis) {
        return nowMillis - Math.max(ledSinceMillis, heard.getOrDefault(session, ledSinceMillis));
    }
}
