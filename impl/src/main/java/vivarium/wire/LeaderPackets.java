package vivarium.wire;

import java.util.List;
import vivarium.core.Zxid;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;

/** What a leader says, but for the replica that follows a SNAP. */
final class LeaderPackets implements Packets {
    private final JuteReader in;
    private final TxnCodec txns;

    LeaderPackets(int maxLengthBytes) {
        in = new JuteReader(maxLengthBytes);
        txns = new TxnCodec(maxLengthBytes);
    }

    @Override
    public Message message(
            int type, long zxid, byte[] array, int at, int length, List<Identity> identities)
            throws MalformedException {
        return switch (type) {
            case PacketType.LEADER_INFO -> {
                Packets.over(in, type, array, at, length);
                yield leaderInfo(zxid);
            }
            case PacketType.DIFF -> new Message.Diff(zxid);
            case PacketType.TRUNC -> new Message.Trunc(zxid);
            case PacketType.SNAP -> new Message.Snap(zxid);
            case PacketType.NEW_LEADER -> new Message.NewLeader(epoch(zxid));
            case PacketType.UP_TO_DATE -> new Message.UpToDate();
            case PacketType.PROPOSAL ->
                    new Message.Propose(proposal(type, zxid, array, at, length));
            case PacketType.COMMIT -> new Message.Commit(zxid);
            case PacketType.INFORM -> new Message.Inform(proposal(type, zxid, array, at, length));
            case PacketType.PING -> new Message.Ping(zxid);
            case PacketType.REVALIDATE -> {
                Packets.over(in, type, array, at, length);
                yield new Message.Revalidated(in.int64(), in.bool());
            }
            case PacketType.SYNC -> new Message.Synced();
            case PacketType.COMMIT_AND_ACTIVATE, PacketType.INFORM_AND_ACTIVATE ->
                    throw new MalformedException(
                            "the leader reconfigures the ensemble, which is not followed here");
            default -> throw Packets.unexpected(type, "leader");
        };
    }

    private Message leaderInfo(long zxid) throws MalformedException {
        int version = in.int32();
        if (version < QuorumCodec.PROTOCOL_VERSION) {
            throw new MalformedException(
                    "a leader that speaks protocol 0x" + Integer.toHexString(version));
        }
        return new Message.LeaderInfo(epoch(zxid));
    }

    private static long epoch(long zxid) throws MalformedException {
        if (Zxid.counter(zxid) != 0) {
            throw new MalformedException("an epoch that begins with " + Zxid.text(zxid));
        }
        return Zxid.epoch(zxid);
    }

    private Proposal proposal(int type, long zxid, byte[] array, int at, int length)
            throws MalformedException {
        Packets.over(in, type, array, at, length);
        Proposal proposal = txns.read(array, at, length);
        if (proposal.zxid() != zxid) {
            throw new MalformedException(
                    Zxid.text(proposal.zxid()) + " in a packet of " + Zxid.text(zxid));
        }
        return proposal;
    }
}
