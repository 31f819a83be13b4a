package vivarium.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vivarium.core.tree.Identity;
import vivarium.core.zab.Message;

/**
 * Reads what comes over a link between a leader and a learner, in whatever fragments: see {@link
 * QuorumCodec}. It holds on to the bytes of a packet, or of an element of a replica, that is not
 * complete; never to more than twice the longest string or buffer that it takes, and never to more
 * than have come.
 *
 * <p>An instance belongs to one link, and to one thread at a time. When it has thrown once, the
 * link is of no more use.
 */
public final class QuorumReader {
    private static final int FIRST_BYTES = 256;

    /** An array that has become larger than this is given back when nothing is left in it. */
    private static final int KEPT_BYTES = 64 << 10;

    /** As long as a learner has not said who it is. */
    private static final int INTRODUCTION_BYTES = 1 << 10;

    /** A client rarely has more than three. */
    private static final int MOST_IDENTITIES = 1_000;

    private final int maxLength;
    private final int mostBytes;
    private final PartialReader in;
    private final Packets packets;
    private final @Nullable LearnerPackets learner;
    private @Nullable ReplicaStream replica;
    private @Nullable MalformedException broken;

    private byte[] kept = new byte[FIRST_BYTES];
    private int keptLength;

    /** Below this many bytes there is nothing to be understood. */
    private int wanted;

    private QuorumReader(int maxLengthBytes, Packets packets, @Nullable LearnerPackets learner) {
        this.maxLength = maxLengthBytes;
        this.mostBytes = (int) Math.min(2L * maxLengthBytes + KEPT_BYTES, Integer.MAX_VALUE - 8);
        this.in = new PartialReader(maxLengthBytes);
        this.packets = packets;
        this.learner = learner;
        in.limit(learner == null ? mostBytes : INTRODUCTION_BYTES);
    }

    /**
     * A leader's reader of what a learner says, beginning with FOLLOWERINFO or OBSERVERINFO.
     *
     * @param maxLengthBytes the longest string or buffer that is taken, jute.maxbuffer and some
     *     more
     */
    public static QuorumReader ofLearner(int maxLengthBytes) {
        LearnerPackets packets = new LearnerPackets(maxLengthBytes);
        return new QuorumReader(maxLengthBytes, packets, packets);
    }

    /** A learner's reader of what its leader says. */
    public static QuorumReader ofLeader(int maxLengthBytes) {
        return new QuorumReader(maxLengthBytes, new LeaderPackets(maxLengthBytes), null);
    }

    /** The learner's id, as it has told in its first packet. */
    public long sid() {
        return introduced().sid();
    }

    /** The version of the learner's configuration, as it has told in its first packet. */
    public long configVersion() {
        return introduced().configVersion();
    }

    /** The version of the protocol that the learner speaks, as it has told in its first packet. */
    public int protocolVersion() {
        return introduced().protocolVersion();
    }

    private LearnerPackets introduced() {
        LearnerPackets known = learner;
        if (known == null || !known.isIntroduced()) {
            throw new IllegalStateException("no learner has said who it is");
        }
        return known;
    }

    /** How many bytes are held because what they belong to is not complete. */
    public int held() {
        return keptLength;
    }

    /**
     * Reads on. The bytes are only borrowed.
     *
     * @param to takes each message as soon as all of it is there
     * @throws MalformedException if the other side does not speak the protocol
     */
    public void read(byte[] bytes, int offset, int length, Consumer<Message> to)
            throws MalformedException {
        MalformedException before = broken;
        if (before != null) {
            throw before;
        }
        try {
            if (keptLength == 0) {
                int rest = understand(bytes, offset, offset + length, to);
                keep(bytes, rest, offset + length - rest);
                return;
            }
            keep(bytes, offset, length);
            if (keptLength >= wanted) {
                int end = keptLength;
                int rest = understand(kept, 0, end, to);
                keptLength = 0;
                keep(kept, rest, end - rest);
            }
        } catch (MalformedException e) {
            broken = e;
            kept = new byte[0];
            keptLength = 0;
            throw e;
        }
    }

    private void keep(byte[] bytes, int offset, int length) {
        if (length > kept.length - keptLength) {
            int doubled = (int) Math.min(2L * kept.length, Integer.MAX_VALUE - 8);
            kept = Arrays.copyOf(kept, Math.max(doubled, keptLength + length));
        }
        System.arraycopy(bytes, offset, kept, keptLength, length);
        keptLength += length;
        if (keptLength == 0 && kept.length > KEPT_BYTES) {
            kept = new byte[FIRST_BYTES];
        }
    }

    /** Reads as far as the bytes go; where the first begins that is not complete. */
    private int understand(byte[] bytes, int offset, int end, Consumer<Message> to)
            throws MalformedException {
        in.begin(bytes, offset, end);
        while (in.remaining() > 0) {
            ReplicaStream stream = replica;
            boolean complete = stream == null ? packet(bytes, to) : stream.read(to);
            if (!complete) {
                wanted = in.wanted();
                return in.start();
            }
            if (stream != null) {
                replica = null;
            }
        }
        wanted = 0;
        return end;
    }

    /** Reads a packet, if all of it is there. */
    private boolean packet(byte[] bytes, Consumer<Message> to) throws MalformedException {
        Message message;
        try {
            in.next();
            int type = in.int32();
            long zxid = in.int64();
            int length = in.int32();
            if (length < Packets.NO_DATA || length > maxLength) {
                throw new MalformedException("data of " + length + " bytes, at most " + maxLength);
            }
            int at = in.take(Math.max(0, length));
            List<Identity> identities = identities();
            message = packets.message(type, zxid, bytes, at, length, identities);
        } catch (MalformedException e) {
            if (in.isCut()) {
                return false;
            }
            throw e;
        }
        in.next();
        if (message instanceof Message.LearnerInfo) {
            in.limit(mostBytes);
        }
        if (message instanceof Message.Snap snap) {
            replica = new ReplicaStream(in, snap.zxid());
        }
        to.accept(message);
        return true;
    }

    private List<Identity> identities() throws MalformedException {
        int count = in.int32();
        if (count <= 0) {
            return List.of();
        }
        if (count > MOST_IDENTITIES) {
            throw new MalformedException(count + " identities");
        }
        List<Identity> identities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String scheme = in.text();
            String id = in.text();
            identities.add(new Identity(scheme == null ? "" : scheme, id == null ? "" : id));
        }
        return identities;
    }
}
