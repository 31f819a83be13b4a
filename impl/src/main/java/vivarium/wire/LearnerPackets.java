package vivarium.wire;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.Zxid;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.zab.Message;

/** What a learner says: first who it is, and that once. */
final class LearnerPackets implements Packets {
    private static final int TOUCHED_BYTES = Long.BYTES + Integer.BYTES;

    private final JuteReader in;
    private final RequestBodies bodies;
    private boolean introduced;
    private long sid;
    private int protocolVersion;
    private long configVersion;

    LearnerPackets(int maxLengthBytes) {
        in = new JuteReader(maxLengthBytes);
        bodies = new RequestBodies(in);
    }

    boolean isIntroduced() {
        return introduced;
    }

    long sid() {
        return sid;
    }

    int protocolVersion() {
        return protocolVersion;
    }

    long configVersion() {
        return configVersion;
    }

    @Override
    public Message message(
            int type, long zxid, byte[] array, int at, int length, List<Identity> identities)
            throws MalformedException {
        boolean introduces = type == PacketType.FOLLOWER_INFO || type == PacketType.OBSERVER_INFO;
        if (introduces == introduced) {
            throw Packets.unexpected(
                    type, introduced ? "learner that is known" : "learner that is not known");
        }
        return switch (type) {
            case PacketType.FOLLOWER_INFO, PacketType.OBSERVER_INFO -> {
                Packets.over(in, type, array, at, length);
                yield introduction(zxid, type == PacketType.FOLLOWER_INFO);
            }
            case PacketType.ACK_EPOCH -> {
                Packets.over(in, type, array, at, length);
                yield ackEpoch(zxid);
            }
            case PacketType.ACK -> new Message.Ack(zxid);
            case PacketType.PING -> pong(zxid, array, at, length);
            case PacketType.REVALIDATE -> {
                Packets.over(in, type, array, at, length);
                yield new Message.Revalidate(in.int64(), in.int32());
            }
            case PacketType.REQUEST -> {
                Packets.over(in, type, array, at, length);
                yield request(identities);
            }
            default -> throw Packets.unexpected(type, "learner");
        };
    }

    /** Before 3.5 a learner told no version of its configuration; it had but one. */
    private Message introduction(long zxid, boolean voter) throws MalformedException {
        if (in.remaining() < Long.BYTES + Integer.BYTES) {
            throw new MalformedException("a learner from before ZooKeeper 3.4");
        }
        sid = in.int64();
        protocolVersion = in.int32();
        if (protocolVersion < QuorumCodec.PROTOCOL_VERSION) {
            throw new MalformedException(
                    "a learner that speaks protocol 0x" + Integer.toHexString(protocolVersion));
        }
        configVersion = in.remaining() < Long.BYTES ? 0 : in.int64();
        introduced = true;
        return new Message.LearnerInfo(Zxid.epoch(zxid), voter);
    }

    private Message ackEpoch(long lastZxid) throws MalformedException {
        int currentEpoch = in.int32();
        if (currentEpoch < QuorumCodec.NOT_AGAIN) {
            throw new MalformedException("current epoch " + currentEpoch);
        }
        boolean promised = currentEpoch != QuorumCodec.NOT_AGAIN;
        return new Message.AckEpoch(promised, currentEpoch, lastZxid);
    }

    private Message pong(long zxid, byte[] array, int at, int length) throws MalformedException {
        in.over(array, at, Math.max(0, length));
        if (in.remaining() % TOUCHED_BYTES != 0) {
            throw new MalformedException(length + " bytes of sessions");
        }
        List<Message.Touched> touched = new ArrayList<>(in.remaining() / TOUCHED_BYTES);
        while (in.remaining() > 0) {
            touched.add(new Message.Touched(in.int64(), in.int32()));
        }
        return new Message.Pong(zxid, touched);
    }

    /**
     * Other servers pass on what their clients ask without looking at it. Whatever can't be read,
     * or is nothing that a learner may ask, takes its turn all the same: the learner waits for an
     * answer.
     */
    private Message request(List<Identity> identities) throws MalformedException {
        long sessionId = in.int64();
        int xid = in.int32();
        int opcode = in.int32();
        if (opcode == Opcode.SYNC) {
            return new Message.SyncRequest(sessionId, xid);
        }
        if (opcode == Opcode.CREATE_SESSION) {
            Operation.Write create = new Operation.CreateSession(in.int32());
            return new Message.Request(sessionId, xid, create, identities);
        }
        Operation.Write write =
                bodies.operation(opcode) instanceof Operation.Write readable
                        ? readable
                        : new Operation.MalformedWrite(opcode);
        return new Message.Request(sessionId, xid, write, identities);
    }
}
