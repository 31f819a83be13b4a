package vivarium.simulation.server;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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

    @Nullable ClientDoor get(long connection) {
        return doors.get(connection);
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
