package vivarium.properties.wire;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.proto.SyncRequest;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.zab.Message;

/** Draws what servers say to each other. */
final class PeerDice {
    private static final List<CreateKind> KINDS = List.of(CreateKind.values());

    private final Dice dice;

    PeerDice(Dice dice) {
        this.dice = dice;
    }

    /** A text that nobody alters who writes and reads it. */
    private String text() {
        SyncRequest drawn = new SyncRequest(dice.text());
        return Jute.reread(drawn, new SyncRequest()).getPath();
    }

    Path path() {
        SyncRequest drawn = new SyncRequest(dice.path());
        return Jute.path(Jute.reread(drawn, new SyncRequest()).getPath());
    }

    private List<Acl> acl() {
        return dice.several(() -> new Acl(dice.int32(), text(), text()));
    }

    private long epoch() {
        return dice.below(Integer.MAX_VALUE);
    }

    /** What a learner may say once it has said who it is. */
    Message.FromLearner ofLearner() {
        return switch (dice.below(7)) {
            case 0 -> new Message.AckEpoch(true, epoch(), dice.int64());
            case 1 -> new Message.AckEpoch(false, -1, dice.int64());
            case 2 -> new Message.Ack(dice.int64());
            case 3 ->
                    new Message.Pong(
                            dice.int64(),
                            dice.several(() -> new Message.Touched(dice.int64(), dice.int32())));
            case 4 -> new Message.Revalidate(dice.int64(), dice.int32());
            case 5 -> new Message.SyncRequest(dice.int64(), dice.int32());
            default ->
                    new Message.Request(
                            dice.int64(),
                            dice.int32(),
                            write(),
                            dice.several(() -> new Identity(text(), text())));
        };
    }

    Message.LearnerInfo introduction() {
        return new Message.LearnerInfo(epoch(), dice.flag());
    }

    private Operation.Write write() {
        return switch (dice.below(8)) {
            case 7 -> new Operation.Reconfig(text(), null, text(), dice.int64());
            case 0 -> new Operation.CreateSession(dice.int32());
            case 1 -> new Operation.CloseSession();
            case 2 -> new Operation.SetAcl(path(), dice.below(5) == 0 ? null : acl(), 3);
            case 3 -> new Operation.MalformedWrite(dice.flag() ? 14 : 1);
            case 4 -> new Operation.Multi(dice.several(this::part));
            default -> part();
        };
    }

    private Operation.Part part() {
        return switch (dice.below(3)) {
            case 0 -> {
                CreateKind kind = KINDS.get(dice.below(4));
                boolean lives = kind == CreateKind.TTL;
                int flags = lives ? 5 + dice.below(2) : kind == CreateKind.CONTAINER ? 4 : 1;
                Bytes data = Jute.bytesOrNull(dice.bytesOrNull());
                yield new Operation.Create(
                        kind, path(), data, acl(), flags, lives ? dice.int64() : -1);
            }
            case 1 -> new Operation.Delete(path(), dice.int32());
            default ->
                    new Operation.SetData(
                            path(), Jute.bytesOrNull(dice.bytesOrNull()), dice.int32());
        };
    }

    /** What a leader may say, but for a replica. */
    Message.FromLeader ofLeader() {
        return switch (dice.below(11)) {
            case 0 -> new Message.LeaderInfo(epoch());
            case 1 -> new Message.Diff(dice.int64());
            case 2 -> new Message.Trunc(dice.int64());
            case 3 -> new Message.NewLeader(epoch());
            case 4 -> new Message.UpToDate();
            case 5 -> new Message.Propose(proposal());
            case 6 -> new Message.Commit(dice.int64());
            case 7 -> new Message.Inform(proposal());
            case 8 -> new Message.Ping(dice.int64());
            case 9 -> new Message.Revalidated(dice.int64(), dice.flag());
            default -> new Message.Synced();
        };
    }

    private Proposal proposal() {
        Txn txn =
                switch (dice.below(4)) {
                    case 0 -> new Txn.CreateSession(dice.int32());
                    case 1 -> new Txn.Delete(path(), dice.flag());
                    case 2 ->
                            new Txn.SetData(
                                    path(),
                                    Jute.bytesOrNull(dice.bytesOrNull()),
                                    dice.int32(),
                                    dice.flag());
                    default -> new Txn.Failure(dice.int32());
                };
        return new Proposal(
                dice.int64(), dice.int64(), dice.int32(), dice.int64(), txn, true, dice.int64());
    }

    /** A whole replica, as its leader sends it. */
    List<Message> replica() {
        long zxid = dice.int64();
        List<SnapshotHead.AclEntry> acls = new ArrayList<>();
        for (int i = dice.below(5); i > 0; i--) {
            acls.add(new SnapshotHead.AclEntry(i, acl()));
        }
        SnapshotHead head =
                new SnapshotHead(
                        zxid,
                        true,
                        dice.several(
                                () -> new SnapshotHead.SessionEntry(dice.int64(), dice.int32())),
                        acls);
        List<Message.SnapZnode> znodes = new ArrayList<>();
        znodes.add(znode(Path.ROOT));
        for (int i = dice.flag() ? dice.below(4) : dice.below(600); i > 0; i--) {
            znodes.add(znode(path()));
        }
        return List.of(
                new Message.Snap(zxid),
                new Message.SnapHead(head),
                new Message.SnapZnodes(znodes),
                new Message.SnapTail());
    }

    private Message.SnapZnode znode(Path path) {
        // One slash marks the end; no znode but the root is called that, and it is written as "".
        Path named = path.isRoot() || path.toString().equals("/") ? Path.ROOT : path;
        byte[] data = dice.below(20) == 0 ? dice.bytesOrNull() : new byte[dice.below(3)];
        return new Message.SnapZnode(
                named,
                Jute.bytesOrNull(data),
                dice.int64(),
                new StatPersisted(
                        dice.int64(),
                        dice.int64(),
                        dice.int64(),
                        dice.int64(),
                        dice.int32(),
                        dice.int32(),
                        dice.int32(),
                        dice.int64(),
                        dice.int64()));
    }

    /** Several messages of one side, in an order that the wire allows. */
    List<Message> talk(boolean byLearner) {
        List<Message> talk = new ArrayList<>();
        if (byLearner) {
            talk.add(introduction());
        }
        for (int i = dice.below(8); i > 0; i--) {
            if (!byLearner && dice.below(4) == 0) {
                talk.addAll(replica());
            } else {
                talk.add(byLearner ? ofLearner() : ofLeader());
            }
        }
        return talk;
    }
}
