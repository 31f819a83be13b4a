package vivarium.properties.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.CloseReason;
import vivarium.core.Effects;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.election.Notification;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;

/** One server of a {@link MiniEnsemble}: a peer, its disk, its ends of the links. */
final class MiniServer implements Effects {
    private final MiniEnsemble world;
    final long sid;
    final MiniDisk disk = new MiniDisk();
    @Nullable Peer peer;

    /** It does not start, as long as this is so. */
    boolean broken;

    /** How long its disk takes with a picture that a leader has sent. */
    long installMillis;

    /** Counts births, so that what was meant for an earlier life is lost. */
    private int life;

    private PhaseName phase = PhaseName.LOOKING;

    /** The number of the link to each peer that is up, and when its next message may arrive. */
    private final TreeMap<Long, Long> links = new TreeMap<>();

    private final TreeMap<Long, Long> arrivals = new TreeMap<>();
    private long diskFreeAt;

    /** The learners that it has given up, each with the reason. */
    final List<String> givenUp = new ArrayList<>();

    final List<String> replies = new ArrayList<>();
    final TreeMap<Long, Long> sessions = new TreeMap<>();

    MiniServer(MiniEnsemble world, long sid) {
        this.world = world;
        this.sid = sid;
    }

    boolean isUp() {
        return peer != null;
    }

    PhaseName phase() {
        return phase;
    }

    void start() {
        if (peer != null || broken) {
            return;
        }
        life++;
        peer =
                new Peer(
                        world.settings(sid),
                        disk.recover(),
                        new SplittableRandom(sid * 31 + life),
                        this);
        world.trace(sid + " starts");
        step(new Input.WallClock(1_700_000_000_000L));
    }

    void crash() {
        if (peer == null) {
            return;
        }
        world.trace(sid + " crashes");
        peer = null;
        phase = PhaseName.LOOKING;
        disk.crash();
        for (long other : List.copyOf(links.keySet())) {
            cut(other);
        }
    }

    /** The link breaks; both ends hear of it, each in its own time. */
    void cut(long other) {
        Long link = links.remove(other);
        if (link == null) {
            return;
        }
        later(world.some(20), () -> step(new Input.LinkDown(other)));
        MiniServer there = world.server(other);
        if (link.equals(there.links.get(sid))) {
            there.links.remove(sid);
            there.later(world.some(20), () -> there.step(new Input.LinkDown(sid)));
        }
    }

    void step(Input input) {
        Peer mine = peer;
        if (mine == null) {
            return;
        }
        mine.step(world.now, input);
        if (phase.isServing()) {
            long zxid = mine.replica().lastProcessedZxid();
            world.serves(sid, zxid, mine.replica().digest());
        }
        long deadline = mine.deadlineMillis();
        if (deadline != Long.MAX_VALUE) {
            later(Math.max(0, deadline - world.now), () -> tick(deadline));
        }
    }

    private void tick(long deadline) {
        Peer mine = peer;
        if (mine != null && mine.deadlineMillis() == deadline) {
            step(new Input.Tick());
        }
    }

    private void later(long millis, Runnable action) {
        int born = life;
        world.after(
                millis,
                () -> {
                    if (born == life && peer != null) {
                        action.run();
                    }
                });
    }

    /** The disk does one thing after the other. */
    private void onDisk(Runnable action) {
        diskFreeAt = Math.max(diskFreeAt, world.now) + world.some(4);
        later(diskFreeAt - world.now, action);
    }

    @Override
    public void append(Proposal proposal) {
        disk.log.add(proposal);
        int size = disk.log.size();
        onDisk(() -> {
            if (disk.log.size() >= size && disk.log.get(size - 1).equals(proposal)) {
                if (!world.disksLie || world.random.nextInt(10) == 0) {
                    disk.forced = Math.max(disk.forced, size);
                }
                step(new Input.Durable(proposal.zxid()));
            }
        });
    }

    @Override
    public void truncate(long zxid) {
        world.trace(sid + " truncates to " + Long.toHexString(zxid));
        onDisk(() -> {
            disk.truncate(zxid);
            step(new Input.Reloaded(disk.recover()));
        });
    }

    @Override
    public void readLog(long afterZxid) {
        onDisk(() -> step(disk.readLog(afterZxid)));
    }

    @Override
    public void saveAcceptedEpoch(long epoch) {
        onDisk(() -> {
            disk.acceptedEpoch = epoch;
            step(new Input.AcceptedEpochSaved(epoch));
        });
    }

    @Override
    public void saveCurrentEpoch(long epoch) {
        onDisk(() -> {
            disk.currentEpoch = epoch;
            step(new Input.CurrentEpochSaved(epoch));
        });
    }

    @Override
    public void beginSnapshot(SnapshotHead head) {
        disk.taking = new MiniDisk.Picture(head);
        later(1, () -> step(new Input.SnapshotRoom(3)));
    }

    @Override
    public void snapshotZnode(Path path, @Nullable Bytes data, long acl, StatPersisted stat) {
        MiniDisk.Picture picture = disk.taking;
        if (picture != null) {
            picture.add(path, data, acl, stat);
        }
        later(1, () -> step(new Input.SnapshotRoom(1)));
    }

    @Override
    public void endSnapshot(SnapshotTail tail) {
        MiniDisk.Picture picture = disk.taking;
        if (picture != null) {
            if (picture.head.replaces()) {
                diskFreeAt = Math.max(diskFreeAt, world.now) + installMillis;
            }
            onDisk(() -> {
                disk.save(picture);
                step(new Input.SnapshotSaved(tail.zxid()));
            });
        }
    }

    @Override
    public void notify(long to, Notification notification) {
        if (!world.once(20)) {
            MiniServer there = world.server(to);
            int life = there.life;
            world.after(
                    world.calm ? 1 : 1 + world.random.nextInt(5),
                    () -> {
                        if (there.life == life) {
                            there.step(new Input.Notified(sid, notification));
                        }
                    });
        }
    }

    @Override
    public void connect(long to) {
        MiniServer there = world.server(to);
        later(
                world.calm ? 1 : 1 + world.random.nextInt(5),
                () -> {
                    if (there.peer == null || world.once(10)) {
                        step(new Input.LinkDown(to));
                        return;
                    }
                    if (links.containsKey(to)) {
                        disconnect(to);
                    }
                    long link = world.nextLink++;
                    links.put(to, link);
                    there.links.put(sid, link);
                    arrivals.put(to, world.now);
                    there.arrivals.put(sid, world.now);
                    there.step(new Input.LinkUp(sid));
                    step(new Input.LinkUp(to));
                });
    }

    @Override
    public void disconnect(long other) {
        Long link = links.remove(other);
        MiniServer there = world.server(other);
        if (link != null && link.equals(there.links.get(sid))) {
            there.links.remove(sid);
            there.later(world.some(20), () -> there.step(new Input.LinkDown(sid)));
        }
    }

    @Override
    public void giveUp(long other, String reason) {
        givenUp.add(other + " " + reason);
        disconnect(other);
    }

    @Override
    public void send(long to, Message message) {
        Long link = links.get(to);
        if (link == null) {
            return;
        }
        MiniServer there = world.server(to);
        long at = Math.max(arrivals.getOrDefault(to, world.now), world.now + world.some(5));
        arrivals.put(to, at);
        world.after(
                at - world.now,
                () -> {
                    if (link.equals(there.links.get(sid))) {
                        there.step(new Input.Received(sid, message));
                    }
                });
        if (message instanceof Message.SnapZnodes || message instanceof Message.Propose) {
            later(world.roomMillis, () -> step(new Input.LinkRoom(to, 1)));
        }
    }

    @Override
    public void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly) {
        sessions.put(connection, sessionId);
        replies.add(connection + " welcome");
    }

    @Override
    public void reject(long connection) {
        replies.add(connection + " reject");
    }

    @Override
    public void reply(long connection, int xid, long zxid, Outcome outcome) {
        replies.add(connection + " reply " + xid + " " + outcome.getClass().getSimpleName());
    }

    @Override
    public void notify(long connection, WatchEvent event) {
        replies.add(connection + " event");
    }

    @Override
    public void close(long connection, CloseReason reason) {
        replies.add(connection + " close " + reason);
    }

    @Override
    public void overQuota(OverQuota excess) {}

    @Override
    public void throttle(long connection, boolean on) {}

    @Override
    public void entered(PhaseName entered) {
        phase = entered;
        world.trace(sid + " " + entered);
        Peer mine = peer;
        if (mine != null && entered == PhaseName.LEADER_BROADCAST) {
            world.entered(sid, entered, disk.currentEpoch);
        }
    }
}
