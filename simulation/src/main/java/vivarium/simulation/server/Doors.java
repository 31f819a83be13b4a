package vivarium.simulation.server;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.simulation.network.Pipe;

/** The clients' connections to one server. */
final class Doors {
    private final SimServer server;
    private final TreeMap<Long, ClientDoor> doors = new TreeMap<>();
    private final ArrayList<ClientDoor> talking = new ArrayList<>();
    private long next = 1;

    Doors(SimServer server) {
        this.server = server;
    }

    ClientDoor open(Pipe toClient, Runnable tellClosed) {
        long connection = (server.sid() << 40) + next++;
        ClientDoor door = new ClientDoor(server, this, connection, toClient, tellClosed);
        doors.put(connection, door);
        return door;
    }

    long sessionOf(long connection) {
        ClientDoor door = doors.get(connection);
        return door == null ? 0 : door.sessionId();
    }

    // ---- what the server does; nothing where the connection is gone

    void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly) {
        ClientDoor door = doors.get(connection);
        if (door != null) {
            door.welcome(sessionId, timeoutMillis, readOnly);
        }
    }

    void reject(long connection) {
        ClientDoor door = doors.remove(connection);
        if (door != null) {
            door.reject();
        }
    }

    void reply(long connection, int xid, long zxid, Outcome outcome) {
        ClientDoor door = doors.get(connection);
        if (door != null) {
            door.reply(xid, zxid, outcome);
        }
    }

    void event(long connection, WatchEvent event) {
        ClientDoor door = doors.get(connection);
        if (door != null) {
            door.event(event);
        }
    }

    /** For planted mistakes only: on its own, whatever has been sent since. */
    void lateEvent(long connection, WatchEvent event) {
        ClientDoor door = doors.get(connection);
        if (door != null) {
            door.event(event);
            flush();
        }
    }

    void close(long connection) {
        ClientDoor door = doors.remove(connection);
        if (door != null) {
            door.close();
        }
    }

    void throttle(long connection, boolean on) {
        ClientDoor door = doors.get(connection);
        if (door != null) {
            server.marks().see("client throttled");
            door.throttle(on);
        }
    }

    void remove(ClientDoor door) {
        doors.remove(door.connection());
    }

    /** It has something to say at the end of the turn. */
    void talks(ClientDoor door) {
        talking.add(door);
    }

    /** The turn is over. */
    void flush() {
        for (int i = 0; i < talking.size(); i++) {
            talking.get(i).send();
        }
        talking.clear();
    }

    /** The process has died. */
    void closeAll() {
        List<ClientDoor> left = new ArrayList<>(doors.values());
        doors.clear();
        talking.clear();
        left.forEach(ClientDoor::close);
    }
}
