package vivarium.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.LongMap;

/**
 * When which session has been silent for too long; the leader's alone to know. Sessions lie in
 * buckets, one a tick, so that a session ends up to a tick late but never early.
 *
 * <p>A touch only writes down the new bound. A session is moved to its bucket when the one that it
 * lies in comes due.
 */
public final class Expiry {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final int tickMillis;
    private final LongMap<Session> sessions = new LongMap<>();
    private final TreeMap<Long, List<Session>> buckets = new TreeMap<>();

    /** What the leader knows of a session besides that it exists. */
    private static final class Session {
        final long id;

        /** The end of the bucket it belongs to; at least a whole time-out after the last touch. */
        long endsAt;

        /** The server that its client is connected to, {@link #UNKNOWN} until one shows up. */
        long owner = UNKNOWN;

        /** Its end has been proposed: nothing more may be asked in its name. */
        boolean closing;

        boolean removed;

        Session(long id) {
            this.id = id;
        }
    }

    public Expiry(int tickMillis) {
        this.tickMillis = tickMillis;
    }

    /** The first end of a bucket at which a session heard of at {@code now} has been too silent. */
    private long bound(long now, int timeoutMillis) {
        return (Math.floorDiv(now + timeoutMillis, (long) tickMillis) + 1) * tickMillis;
    }

    /** From {@code now} on the session may be silent for {@code timeoutMillis}. */
    public void track(long now, long id, int timeoutMillis) {
        Session session = sessions.get(id);
        if (session == null) {
            session = new Session(id);
            sessions.put(id, session);
            session.endsAt = bound(now, timeoutMillis);
            putInBucket(session);
        }
        touch(now, session, timeoutMillis);
    }

    /** The session was heard of; false if there is no such session or it is closing. */
    public boolean touch(long now, long id, int timeoutMillis) {
        Session session = sessions.get(id);
        if (session == null || session.closing) {
            return false;
        }
        touch(now, session, timeoutMillis);
        return true;
    }

    private void touch(long now, Session session, int timeoutMillis) {
        session.endsAt = Math.max(session.endsAt, bound(now, timeoutMillis));
    }

    private void putInBucket(Session session) {
        buckets.computeIfAbsent(session.endsAt, _ -> new ArrayList<>()).add(session);
    }

    /** Whether the session exists and its end has not been proposed. */
    public boolean isOpen(long id) {
        Session session = sessions.get(id);
        return session != null && !session.closing;
    }

    /** The session's client is connected to the server {@code owner} now, and nowhere else. */
    public void own(long id, long owner) {
        Session session = sessions.get(id);
        if (session != null) {
            session.owner = owner;
        }
    }

    /** Whether the server {@code asker} may ask in this session's name: its client is there. */
    public boolean isOwnedBy(long id, long asker) {
        Session session = sessions.get(id);
        if (session != null && session.owner == UNKNOWN) {
            session.owner = asker;
        }
        return session != null && session.owner == asker;
    }

    /** The session's end has been proposed. */
    public void close(long id) {
        Session session = sessions.get(id);
        if (session != null) {
            session.closing = true;
        }
    }

    /** The session has ended. */
    public void remove(long id) {
        Session session = sessions.remove(id);
        if (session != null) {
            session.removed = true;
        }
    }

    /**
     * The sessions whose time is over at {@code now}, each of them once. They stay open until they
     * are {@linkplain #close closed}: their end may not come to be proposed.
     */
    public List<Long> expire(long now) {
        List<Long> expired = new ArrayList<>();
        Map.Entry<Long, List<Session>> due = buckets.firstEntry();
        while (due != null && due.getKey() <= now) {
            buckets.pollFirstEntry();
            for (Session session : due.getValue()) {
                if (session.removed || session.closing) {
                    continue;
                }
                if (session.endsAt > now) {
                    putInBucket(session);
                } else {
                    expired.add(session.id);
                }
            }
            due = buckets.firstEntry();
        }
        return expired;
    }

    /** The ids of all open sessions, ascending, by the end of the bucket that each belongs to. */
    public SortedMap<Long, List<Long>> ends() {
        SortedMap<Long, List<Long>> ends = new TreeMap<>();
        for (long id : sessions.sortedKeys()) {
            Session session = sessions.get(id);
            if (session != null && !session.closing) {
                ends.computeIfAbsent(session.endsAt, _ -> new ArrayList<>()).add(id);
            }
        }
        return ends;
    }

    /** When {@link #expire} has to be called next, {@link Long#MAX_VALUE} for never. */
    public long deadlineMillis() {
        Map.@Nullable Entry<Long, List<Session>> first = buckets.firstEntry();
        return first == null ? Long.MAX_VALUE : first.getKey();
    }
}
