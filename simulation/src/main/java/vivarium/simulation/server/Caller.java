package vivarium.simulation.server;

import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;

/** A client's connection, as its server sees it. What is told arrives in order, or not at all. */
public interface Caller {
    /** The session is there. */
    void welcome(long sessionId, int timeoutMillis);

    /** There is no such session. */
    void reject();

    void reply(int xid, long zxid, Outcome outcome);

    void event(WatchEvent event);

    /** No more requests are to be taken, or they are again. */
    void throttle(boolean on);

    /** The server has closed the connection, or has died and its host says so. */
    void close();
}
