package vivarium.properties.differential;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;

/**
 * Of several servers, one may not have heard yet of what another has answered. Before a client asks
 * one of them, that one is made to catch up, by a sync that nobody has asked for.
 */
final class CatchUp {
    private static final int XID = 0x7fff_ff00;

    private CatchUp() {}

    /** The events that came meanwhile; a connection that is closed is left to whoever asks next. */
    static List<Frame> with(RawClient client, Side server) throws IOException {
        List<Frame> events = new ArrayList<>();
        if (!server.hasSeveral()) {
            return events;
        }
        try {
            client.send(XID, Op.SYNC, Requests.path("/").toBytes());
        } catch (SocketException _) {
            return events; // it is closed
        }
        Frame frame = client.receiveFrame();
        while (frame != null && frame.isEvent()) {
            events.add(frame);
            frame = client.receiveFrame();
        }
        return events;
    }
}
