package vivarium.simulation.network;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.election.Notification;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Violation;
import vivarium.wire.ElectionCodec;
import vivarium.wire.ElectionFrame;
import vivarium.wire.ElectionReader;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;

/** Notifications on their way, as bytes; of each way the newest only. */
final class Mail {
    private static final Bytes CONFIG = Bytes.utf8("version=0");

    private final TreeMap<Long, byte[]> underWay = new TreeMap<>();
    private final TreeMap<Long, ElectionReader> readers = new TreeMap<>();
    private final JuteWriter out = new JuteWriter(64);

    /** One that is stuck on a slow way holds up none that comes after it: it is given up for it. */
    void put(long way, Notification notification) {
        out.reset();
        ElectionCodec.notification(out, notification, CONFIG);
        underWay.put(way, out.toArray());
    }

    /** What arrives now, null if it was given up or has been here already. */
    @Nullable Notification take(long way, Chance chance) {
        byte[] bytes = underWay.remove(way);
        if (bytes == null) {
            return null;
        }
        ElectionReader reader = readers.computeIfAbsent(way, _ -> ElectionReader.ofCalled());
        List<ElectionFrame> heard = new ArrayList<>(1);
        try {
            int cut = chance.between(0, bytes.length);
            reader.read(bytes, 0, cut, heard::add);
            reader.read(bytes, cut, bytes.length - cut, heard::add);
        } catch (MalformedException e) {
            throw new Violation("PeersSpeakTheProtocol", e.reason());
        }
        if (heard.size() == 1 && heard.getFirst() instanceof ElectionFrame.Told told) {
            return told.notification();
        }
        throw new Violation("PeersSpeakTheProtocol", "a notification is heard as " + heard);
    }
}
