package vivarium.wire;

import java.util.List;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.tree.Identity;
import vivarium.core.zab.Message;

/**
 * Writes what a leader and its learners say to each other, as ZooKeeper's servers do: packets of
 * type, zxid, data and identities, one behind the other, without a length in front. {@link
 * QuorumReader} reads them.
 *
 * <p>The replica behind a SNAP is no packet. It is written as it comes, piece by piece: its {@link
 * Message.SnapHead}, its znodes in any portions, its {@link Message.SnapTail}.
 */
public final class QuorumCodec {
    /** The protocol of leaders and learners since ZooKeeper 3.4, and the only one here. */
    public static final int PROTOCOL_VERSION = 0x1_0000;

    /** Stands behind the last znode of a replica. */
    static final Bytes SIGNATURE = Bytes.utf8("BenWasHere");

    /** In place of an epoch: this one was promised before. */
    static final int NOT_AGAIN = -1;

    private static final long NO_ZXID = -1;
    private static final int TOUCHED_BYTES = Long.BYTES + Integer.BYTES;

    private final long sid;
    private final long configVersion;
    private final Bytes configText;

    /**
     * @param sid this server's id, which it tells a leader first of all
     * @param configVersion the version of its configuration, 0 for one that was never changed
     * @param configText its configuration as a leader tells it to learners; none if empty
     */
    public QuorumCodec(long sid, long configVersion, Bytes configText) {
        this.sid = sid;
        this.configVersion = configVersion;
        this.configText = configText;
    }

    /** Appends the bytes of {@code message}. */
    public void write(JuteWriter out, Message message) {
        switch (message) {
            case Message.FromLearner fromLearner -> writeFromLearner(out, fromLearner);
            case Message.SnapPart part -> writeSnapPart(out, part);
            case Message.FromLeader fromLeader -> writeFromLeader(out, fromLeader);
        }
    }

    private void writeFromLearner(JuteWriter out, Message.FromLearner message) {
        switch (message) {
            case Message.LearnerInfo info -> {
                int type = info.voter() ? PacketType.FOLLOWER_INFO : PacketType.OBSERVER_INFO;
                int data = begin(out, type, Zxid.of(info.acceptedEpoch(), 0));
                out.int64(sid);
                out.int32(PROTOCOL_VERSION);
                out.int64(configVersion);
                end(out, data);
            }
            case Message.AckEpoch ack -> {
                int data = begin(out, PacketType.ACK_EPOCH, ack.lastZxid());
                out.int32(ack.promised() ? (int) ack.currentEpoch() : NOT_AGAIN);
                end(out, data);
            }
            case Message.Ack ack -> bare(out, PacketType.ACK, ack.zxid());
            case Message.Pong pong -> pong(out, pong);
            case Message.Revalidate ask -> {
                int data = begin(out, PacketType.REVALIDATE, NO_ZXID);
                out.int64(ask.sessionId());
                out.int32(ask.timeoutMillis());
                end(out, data);
            }
            case Message.Request request -> request(out, request);
            case Message.SyncRequest sync -> {
                int data = begin(out, PacketType.REQUEST, NO_ZXID);
                out.int64(sync.sessionId());
                out.int32(sync.xid());
                out.int32(Opcode.SYNC);
                // The path that the client gave; nobody looks at it.
                out.int32(0);
                end(out, data);
            }
        }
    }

    private void writeFromLeader(JuteWriter out, Message.FromLeader message) {
        switch (message) {
            case Message.LeaderInfo info -> {
                int data = begin(out, PacketType.LEADER_INFO, Zxid.of(info.epoch(), 0));
                out.int32(PROTOCOL_VERSION);
                end(out, data);
            }
            case Message.Diff diff -> bare(out, PacketType.DIFF, diff.zxid());
            case Message.Trunc trunc -> bare(out, PacketType.TRUNC, trunc.zxid());
            case Message.Snap snap -> bare(out, PacketType.SNAP, snap.zxid());
            case Message.NewLeader newLeader -> {
                long zxid = Zxid.of(newLeader.epoch(), 0);
                if (configText.length() == 0) {
                    bare(out, PacketType.NEW_LEADER, zxid);
                    return;
                }
                int data = begin(out, PacketType.NEW_LEADER, zxid);
                configText.writeTo(out);
                end(out, data);
            }
            case Message.UpToDate _ -> bare(out, PacketType.UP_TO_DATE, NO_ZXID);
            case Message.Propose propose -> {
                int data = begin(out, PacketType.PROPOSAL, propose.proposal().zxid());
                TxnCodec.write(out, propose.proposal());
                end(out, data);
            }
            case Message.Commit commit -> bare(out, PacketType.COMMIT, commit.zxid());
            case Message.Inform inform -> {
                int data = begin(out, PacketType.INFORM, inform.proposal().zxid());
                TxnCodec.write(out, inform.proposal());
                end(out, data);
            }
            case Message.Ping ping -> bare(out, PacketType.PING, ping.lastProposedZxid());
            case Message.Revalidated answer -> {
                int data = begin(out, PacketType.REVALIDATE, NO_ZXID);
                out.int64(answer.sessionId());
                out.bool(answer.valid());
                end(out, data);
            }
            case Message.Synced _ -> bare(out, PacketType.SYNC, 0);
            case Message.SnapPart part -> writeSnapPart(out, part);
        }
    }

    private static void pong(JuteWriter out, Message.Pong pong) {
        out.int32(PacketType.PING);
        out.int64(pong.zxid());
        out.int32(Math.multiplyExact(pong.sessions().size(), TOUCHED_BYTES));
        for (Message.Touched touched : pong.sessions()) {
            out.int64(touched.sessionId());
            out.int32(touched.timeoutMillis());
        }
        out.int32(JuteWriter.NULL_LENGTH);
    }

    private static void request(JuteWriter out, Message.Request request) {
        int data = begin(out, PacketType.REQUEST, NO_ZXID);
        out.int64(request.sessionId());
        out.int32(request.xid());
        out.int32(OperationBodies.opcode(request.operation()));
        OperationBodies.write(out, request.operation());
        out.patchInt32(data, out.length() - data - Integer.BYTES);
        List<Identity> identities = request.identities();
        out.int32(identities.size());
        for (Identity identity : identities) {
            out.text(identity.scheme());
            out.text(identity.id());
        }
    }

    private static void writeSnapPart(JuteWriter out, Message.SnapPart part) {
        switch (part) {
            case Message.SnapHead head -> head(out, head.head());
            case Message.SnapZnodes znodes -> {
                for (Message.SnapZnode znode : znodes.znodes()) {
                    SnapshotCodec.znode(
                            out, znode.path(), znode.data(), znode.aclId(), znode.stat());
                }
            }
            case Message.SnapTail _ -> {
                SnapshotCodec.endOfZnodes(out);
                out.buffer(SIGNATURE);
            }
        }
    }

    private static void head(JuteWriter out, SnapshotHead head) {
        out.int32(head.sessions().size());
        for (SnapshotHead.SessionEntry session : head.sessions()) {
            SnapshotCodec.session(out, session);
        }
        out.int32(head.acls().size());
        for (SnapshotHead.AclEntry acl : head.acls()) {
            SnapshotCodec.acl(out, acl);
        }
    }

    /** A packet that has nothing but a zxid. */
    private static void bare(JuteWriter out, int type, long zxid) {
        out.int32(type);
        out.int64(zxid);
        out.int32(JuteWriter.NULL_LENGTH);
        out.int32(JuteWriter.NULL_LENGTH);
    }

    private static int begin(JuteWriter out, int type, long zxid) {
        out.int32(type);
        out.int64(zxid);
        int data = out.length();
        out.int32(0);
        return data;
    }

    private static void end(JuteWriter out, int data) {
        out.patchInt32(data, out.length() - data - Integer.BYTES);
        out.int32(JuteWriter.NULL_LENGTH);
    }
}
