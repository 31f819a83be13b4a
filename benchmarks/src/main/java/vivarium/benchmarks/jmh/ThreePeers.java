package vivarium.benchmarks.jmh;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vivarium.benchmarks.load.Requests;
import vivarium.core.Bytes;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.election.Notification;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;

/**
 * A whole commit: three peers in one thread, with messages and disks that take no time. The figure
 * is of all three together, from a follower's client and back to it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ThreePeers {
    static final int PEERS = 3;
    private static final int BATCH = 16;
    private static final int PARTS = 10;
    private static final int ZNODES = 1_000;
    private static final long CONNECTION = 1;
    private static final int STEP_LIMIT = 100_000;
    private static final long WALL_OFFSET_MILLIS = 1_700_000_000_000L;
    private static final List<Acl> OPEN = List.of(new Acl(Acl.ALL, "world", "anyone"));

    private final Member[] members = new Member[PEERS + 1];
    private final Path[] paths = new Path[ZNODES];
    private final byte[][] frames = new byte[ZNODES][];
    private final Bytes value = Bytes.wrap(new byte[100]);
    private final Member asked;
    private long nowMillis = 1_000;
    private int next;
    private int xid;

    public ThreePeers() {
        this(false, false);
    }

    /**
     * @param whole whether all that is said and logged is bytes in between, as in a server
     * @param counted whether each peer's server counts, as the real one does, for its registry
     */
    ThreePeers(boolean whole, boolean counted) {
        for (int sid = 1; sid <= PEERS; sid++) {
            members[sid] =
                    new Member(
                            sid,
                            whole ? new Wires(sid, PEERS) : null,
                            counted ? new Counting() : null);
        }
        for (int sid = 1; sid <= PEERS; sid++) {
            members[sid].begin();
        }
        asked = awaitFollower();
        List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
        asked.inbox.add(new Input.Connect(CONNECTION, 0, true, 30_000, 0, false, who));
        settle();
        ask(create(Path.of("/bench")));
        settle();
        for (int i = 0; i < ZNODES; i++) {
            paths[i] = Path.of(String.format("/bench/%06d", i));
            frames[i] = Requests.setData(paths[i].toString(), new byte[100]);
            ask(create(paths[i]));
            settle();
        }
        if (asked.replies != ZNODES + 1) {
            throw new IllegalStateException("the ensemble does not serve");
        }
    }

    @Benchmark
    public long setData() {
        ask(set());
        settle();
        return asked.replies;
    }

    /** Sixteen writes that come together, and that the disks force together. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long setDataInBatches() {
        for (int i = 0; i < BATCH; i++) {
            ask(set());
        }
        settle();
        return asked.replies;
    }

    /** One transaction of ten. */
    @Benchmark
    public long multiOfTen() {
        List<Operation.Part> parts = new java.util.ArrayList<>(PARTS);
        for (int i = 0; i < PARTS; i++) {
            next = next + 1 == ZNODES ? 0 : next + 1;
            parts.add(setPart());
        }
        ask(new Operation.Multi(parts));
        settle();
        return asked.replies;
    }

    private Operation set() {
        next = next + 1 == ZNODES ? 0 : next + 1;
        return asked.wires != null ? asked.wires.decode(frames[next]) : setPart();
    }

    private Operation.SetData setPart() {
        return new Operation.SetData(paths[next], value, -1);
    }

    private Operation create(Path path) {
        return new Operation.Create(Operation.CreateKind.CREATE, path, value, OPEN, 0, -1);
    }

    private void ask(Operation operation) {
        asked.inbox.add(new Input.Request(CONNECTION, ++xid, operation));
    }

    /** Steps all of them until nobody has anything left to hear. */
    private void settle() {
        boolean any = true;
        while (any) {
            any = false;
            for (int sid = 1; sid <= PEERS; sid++) {
                any |= members[sid].turn();
            }
        }
    }

    /** Time goes on, from deadline to deadline, until all have settled for a leader. */
    private Member awaitFollower() {
        for (int i = 0; i < STEP_LIMIT; i++) {
            settle();
            Member follower = null;
            int serving = 0;
            for (int sid = 1; sid <= PEERS; sid++) {
                PhaseName phase = members[sid].phase;
                serving += phase.isServing() ? 1 : 0;
                follower = phase == PhaseName.LEARNER_BROADCAST ? members[sid] : follower;
            }
            if (serving == PEERS && follower != null) {
                return follower;
            }
            nowMillis++;
            for (int sid = 1; sid <= PEERS; sid++) {
                if (members[sid].peer.deadlineMillis() <= nowMillis) {
                    members[sid].inbox.add(new Input.Tick());
                }
            }
        }
        throw new IllegalStateException("nobody leads");
    }

    /** One peer, what it has still to hear, and where it sends things. */
    private final class Member extends QuietEffects {
        final int sid;
        final Peer peer;
        final ArrayDeque<Input> inbox = new ArrayDeque<>();
        PhaseName phase = PhaseName.LOOKING;
        final @Nullable Wires wires;
        private final @Nullable Counting counting;
        private long durable;

        Member(int sid, @Nullable Wires wires, @Nullable Counting counting) {
            this.sid = sid;
            this.wires = wires;
            this.counting = counting;
            Ensemble ensemble = new Ensemble(sid, List.of(1L, 2L, 3L), List.of());
            Settings settings = QuietSettings.of(ensemble);
            Recovered fresh = new Recovered(Replica.fresh(false), 0, 0, -1, 0);
            peer = new Peer(settings, fresh, new SplittableRandom(sid), this);
        }

        void begin() {
            peer.step(nowMillis, new Input.WallClock(WALL_OFFSET_MILLIS));
        }

        /** Hears what has come by now, and then of its disk; false if there was nothing. */
        boolean turn() {
            int waiting = inbox.size();
            for (int i = 0; i < waiting; i++) {
                Input input = inbox.remove();
                if (counting != null) {
                    counting.given(input);
                }
                peer.step(nowMillis, input);
            }
            boolean any = waiting > 0;
            for (Input due = owed.poll(); due != null; due = owed.poll()) {
                peer.step(nowMillis, due);
                any = true;
            }
            if (appended > durable) {
                durable = appended;
                if (wires != null) {
                    wires.force();
                }
                if (counting != null) {
                    counting.forced(durable, nowMillis);
                }
                peer.step(nowMillis, new Input.Durable(durable));
                any = true;
            }
            if (counting != null && any) {
                counting.ended(peer.replica().lastProcessedZxid(), nowMillis);
            }
            return any;
        }

        @Override
        public void append(Proposal proposal) {
            appended = proposal.zxid();
            if (wires != null) {
                wires.append(proposal);
            }
            if (counting != null) {
                counting.appended(proposal, nowMillis);
            }
        }

        @Override
        public void reply(long connection, int xid, long zxid, Outcome outcome) {
            super.reply(connection, xid, zxid, outcome);
            if (wires != null) {
                wires.reply(xid, zxid, outcome);
            }
            if (counting != null) {
                counting.replied();
            }
        }

        @Override
        public void entered(PhaseName now) {
            phase = now;
            if (counting != null) {
                counting.entered(now, nowMillis);
            }
        }

        @Override
        public void notify(long to, Notification notification) {
            members[(int) to].inbox.add(new Input.Notified(sid, notification));
        }

        @Override
        public void connect(long to) {
            if (wires != null) {
                wires.connected((int) to, true);
                Objects.requireNonNull(members[(int) to].wires).connected(sid, false);
            }
            inbox.add(new Input.LinkUp(to));
            members[(int) to].inbox.add(new Input.LinkUp(sid));
        }

        @Override
        public void disconnect(long to) {
            members[(int) to].inbox.add(new Input.LinkDown(sid));
        }

        @Override
        public void send(long to, Message message) {
            if (counting != null) {
                counting.sent(message);
            }
            Member other = members[(int) to];
            if (wires != null && other.wires != null) {
                wires.send(
                        sid,
                        message,
                        other.wires,
                        heard -> other.inbox.add(new Input.Received(sid, heard)));
            } else {
                other.inbox.add(new Input.Received(sid, message));
            }
        }
    }
}
