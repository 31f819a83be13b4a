package vivarium.benchmarks.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;
import vivarium.storage.LogSettings;
import vivarium.storage.TxnLog;
import vivarium.wire.ClientCodec;
import vivarium.wire.ClientFrame;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.QuorumCodec;
import vivarium.wire.QuorumReader;

/** All of a server's bytes, without the sockets and the disk that they would go to. */
final class Wires {
    private static final int LONGEST_FIELD = 1 << 20;
    private static final int SCRATCH_BYTES = 1 << 16;

    private final ClientCodec clients = new ClientCodec(LONGEST_FIELD);
    private final QuorumCodec peers;
    private final JuteWriter out = new JuteWriter(SCRATCH_BYTES);
    private final TxnLog log = new TxnLog(new ForgetfulDisk(), LogSettings.DEFAULT, 0);

    /** By whom it reads; null where there is no connection. */
    private final @Nullable QuorumReader[] readers;

    Wires(int sid, int peerCount) {
        peers = new QuorumCodec(sid, 0, Bytes.utf8("version=0"));
        readers = new QuorumReader[peerCount + 1];
    }

    /** There is a connection to {@code sid}, who leads or does not. */
    void connected(int sid, boolean leads) {
        readers[sid] =
                leads
                        ? QuorumReader.ofLeader(LONGEST_FIELD)
                        : QuorumReader.ofLearner(LONGEST_FIELD);
    }

    /** Encodes {@code message}, which the other end decodes. */
    void send(int from, Message message, Wires other, Consumer<Message> heard) {
        out.reset();
        peers.write(out, message);
        QuorumReader reader = other.readers[from];
        if (reader == null) {
            throw new IllegalStateException("no connection to " + from);
        }
        try {
            reader.read(out.array(), 0, out.length(), heard);
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    Operation decode(byte[] frame) {
        try {
            ClientFrame decoded = clients.frame(frame, Integer.BYTES, frame.length - Integer.BYTES);
            if (decoded instanceof ClientFrame.Request request) {
                return request.operation();
            }
            throw new IllegalStateException("no request");
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    void reply(int xid, long zxid, Outcome outcome) {
        out.reset();
        ClientCodec.reply(out, xid, zxid, outcome);
    }

    void append(Proposal proposal) {
        try {
            log.append(proposal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void force() {
        try {
            log.force();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
