package vivarium.server;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.Recovered;
import vivarium.core.Settings;
import vivarium.wire.JuteWriter;
import vivarium.wire.RecordingWriter;

/**
 * The flight recorder: writes down what the peer was born with and each input that it is given, so
 * that the simulator can take the same steps again. It ends, and says so, when its file is as long
 * as it may become; the server goes on. On the loop's thread.
 */
final class Recorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    /** How the peer is, is written down after so many steps. */
    private static final int STEPS_PER_MARK = 256;

    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final long limitBytes;
    private final JuteWriter out = new JuteWriter(BUFFER_BYTES);
    private final RecordingWriter writer = new RecordingWriter(out);
    private @Nullable OutputStream stream;
    private long written;
    private int stepsSinceMark;

    /**
     * @param file is written anew
     * @param limitBytes how long it may become
     */
    Recorder(Path file, long limitBytes) throws IOException {
        this.file = file;
        this.limitBytes = limitBytes;
        this.stream = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
    }

    /** The peer is about to be born. */
    void birth(Settings settings, long seed, Recovered recovered) {
        attempt(() -> writer.birth(settings, seed, recovered));
    }

    /** The peer is about to be given {@code input}. */
    void step(long nowMillis, Input input) {
        if (stream != null) {
            attempt(() -> writer.step(nowMillis, input));
            stepsSinceMark++;
        }
    }

    /** The peer has taken a step. */
    void stepped(Peer peer) {
        if (stream != null && stepsSinceMark >= STEPS_PER_MARK) {
            mark(peer);
        }
    }

    private void mark(Peer peer) {
        stepsSinceMark = 0;
        attempt(() -> writer.mark(peer.status()));
    }

    /** A recorder that fails ends alone: the server has more important things to do. */
    private void attempt(Runnable writing) {
        OutputStream open = stream;
        if (open == null) {
            return;
        }
        try {
            writing.run();
            open.write(out.array(), 0, out.length());
            written += out.length();
            out.reset(BUFFER_BYTES);
            if (written > limitBytes) {
                LOG.info("{} has {} bytes, and gets no more", file, written);
                close();
            }
        } catch (IOException e) {
            LOG.error("{} can't be written, and gets no more", file, e);
            close();
        }
    }

    /** The last entry tells how {@code peer} is. */
    void end(@Nullable Peer peer) {
        if (peer != null && stream != null) {
            mark(peer);
        }
        close();
    }

    @Override
    public void close() {
        OutputStream open = stream;
        stream = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.error("{} is not complete", file, e);
            }
        }
    }
}
