package vivarium.net;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import vivarium.core.election.Notification;
import vivarium.wire.ElectionFrame;
import vivarium.wire.ElectionReader;
import vivarium.wire.MalformedException;

/** One connection over which votes are told. */
final class ElectionLink extends PeerLink {
    private final ElectionLinks links;
    private final ElectionReader reader;
    private @Nullable Notification held;

    /** A connection that somebody has made to this server, and has to say who it is. */
    static ElectionLink accepted(ElectionLinks links, Channel channel) {
        return new ElectionLink(links, channel, NOBODY, ElectionReader.ofCaller());
    }

    /** A connection that this server has made to {@code sid}. */
    static ElectionLink made(ElectionLinks links, Channel channel, long sid) {
        return new ElectionLink(links, channel, sid, ElectionReader.ofCalled());
    }

    private ElectionLink(ElectionLinks links, Channel channel, long sid, ElectionReader reader) {
        super(links, channel, sid);
        this.links = links;
        this.reader = reader;
    }

    /** Sends a vote; only the newest counts where the other end does not read. */
    void send(Notification notification) {
        held = notification;
        write();
    }

    private void write() {
        Notification newest = held;
        if (newest != null && channel().isWritable()) {
            held = null;
            var _ = channel().write(links.encode(channel(), newest), channel().voidPromise());
            touch();
        }
    }

    @Override
    void flush() {
        write();
        channel().flush();
    }

    @Override
    void release() {
        held = null;
    }

    @Override
    void take(byte[] bytes, int length) throws MalformedException {
        reader.read(bytes, 0, length, this::onFrame);
    }

    private void onFrame(ElectionFrame frame) {
        if (!isDropped()) {
            links.onFrame(this, frame);
        }
    }

    @Override
    void ended() {
        links.onEnded(this);
    }
}
