package vivarium.benchmarks.jmh;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vivarium.core.Bytes;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Operation;

/** How long the steps of a peer are while a snapshot of a large tree is taken. */
@Command(
        name = "steps",
        mixinStandardHelpOptions = true,
        description = {
            "Writes to a peer with a large tree, in one thread without sockets or disk, while it"
                + " takes one snapshot after the other, and prints the CPU time of its steps, with"
                + " and without a snapshot going on. The writer of the snapshot asks for 500 znodes"
                + " at a time, as the server's does, as often as there is a write.",
            "",
            "Exit code 1: a step took more than 5 ms of CPU.",
            ""
        })
public final class StepsCommand implements Callable<Integer> {
    private static final int CHILDREN = 1_000;
    private static final int ROOM_ZNODES = 500;
    private static final int WRITES_PER_SNAPSHOT = 20_000;
    private static final int WARM_UP_WRITES = 200_000;
    private static final long CONNECTION = 1;
    private static final long NOW_MILLIS = 1_000;
    private static final long WALL_OFFSET_MILLIS = 1_700_000_000_000L;
    private static final long LONGEST_NANOS = 60_000_000_000L;
    private static final long MOST_NANOS = 5_000_000;
    private static final List<Acl> OPEN = List.of(new Acl(Acl.ALL, "world", "anyone"));

    @Option(
            names = {"-n", "--znodes"},
            description = "in the tree, of 100 bytes each (default: ${DEFAULT-VALUE})")
    private int znodes = 1_000_000;

    @Option(names = "--writes", description = "that are measured (default: ${DEFAULT-VALUE})")
    private int writes = 1_000_000;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final SplittableRandom random = new SplittableRandom(1);
    private final Histogram quiet = new Histogram(LONGEST_NANOS, 3);
    private final Histogram during = new Histogram(LONGEST_NANOS, 3);
    private final Bytes value = Bytes.wrap(new byte[100]);
    private final Snapshotting effects = new Snapshotting();
    private int xid;

    /** Effects with a snapshot under way, or none. */
    private static final class Snapshotting extends QuietEffects {
        boolean taking;
        int taken;

        @Override
        public void beginSnapshot(SnapshotHead head) {
            taking = true;
        }

        @Override
        public void endSnapshot(vivarium.core.SnapshotTail tail) {
            taking = false;
            taken++;
            super.endSnapshot(tail);
        }
    }

    @Override
    public Integer call() {
        Peer peer = peer();
        write(peer, WARM_UP_WRITES);
        quiet.reset();
        during.reset();
        effects.taken = 0;
        write(peer, writes);
        print("no snapshot", quiet);
        print(effects.taken + " snapshots", during);
        long longest = Math.max(quiet.getMaxValue(), during.getMaxValue());
        return longest > MOST_NANOS ? 1 : 0;
    }

    private static void print(String what, Histogram steps) {
        System.out.printf(
                Locale.ROOT,
                "%-14s %9d steps; CPU in us: mean %.2f, p50 %.2f, p99 %.2f, p99.9 %.2f, max %.1f%n",
                what,
                steps.getTotalCount(),
                steps.getMean() / 1e3,
                steps.getValueAtPercentile(50) / 1e3,
                steps.getValueAtPercentile(99) / 1e3,
                steps.getValueAtPercentile(99.9) / 1e3,
                steps.getMaxValue() / 1e3);
    }

    private Peer peer() {
        Replica replica = Replica.fresh(false);
        long zxid = 1;
        for (int i = 0; i < znodes; i++) {
            if (i % CHILDREN == 0) {
                create(replica, parent(i), zxid++);
            }
            create(replica, path(i), zxid++);
        }
        replica.loaded(zxid);
        Peer peer =
                new Peer(
                        QuietSettings.of(Ensemble.alone(1), WRITES_PER_SNAPSHOT),
                        new Recovered(replica, 1, 1, zxid, 0),
                        new SplittableRandom(1),
                        effects);
        step(peer, new Input.WallClock(WALL_OFFSET_MILLIS));
        settle(peer);
        List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
        step(peer, new Input.Connect(CONNECTION, 0, true, 30_000, 0, false, who));
        settle(peer);
        return peer;
    }

    private void create(Replica replica, Path path, long zxid) {
        StatPersisted stat =
                new StatPersisted(
                        zxid, zxid, WALL_OFFSET_MILLIS, WALL_OFFSET_MILLIS, 0, 0, 0, 0, zxid);
        var _ = replica.tree().create(path, value, OPEN, -1, stat);
    }

    private static Path parent(int number) {
        return Path.of(String.format("/big%04d", number / CHILDREN));
    }

    private static Path path(int number) {
        return Path.of(String.format("/big%04d/%06d", number / CHILDREN, number % CHILDREN));
    }

    private void write(Peer peer, int count) {
        long before = effects.replies;
        for (int i = 0; i < count; i++) {
            Path path = path(random.nextInt(znodes));
            step(
                    peer,
                    new Input.Request(CONNECTION, ++xid, new Operation.SetData(path, value, -1)));
            settle(peer);
            if (effects.taking) {
                step(peer, new Input.SnapshotRoom(ROOM_ZNODES));
            }
        }
        if (effects.replies - before != count) {
            throw new IllegalStateException("the peer does not serve");
        }
    }

    /** The disk does all that it was asked for. */
    private void settle(Peer peer) {
        for (Input due = effects.owed.poll(); due != null; due = effects.owed.poll()) {
            step(peer, due);
        }
        step(peer, new Input.Durable(effects.appended));
    }

    private void step(Peer peer, Input input) {
        boolean taking = effects.taking;
        long start = threads.getCurrentThreadCpuTime();
        peer.step(NOW_MILLIS, input);
        long took = threads.getCurrentThreadCpuTime() - start;
        (taking || effects.taking ? during : quiet).recordValue(took);
    }
}
