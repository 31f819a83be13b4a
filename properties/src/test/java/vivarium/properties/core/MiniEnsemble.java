package vivarium.properties.core;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vivarium.core.ContainerCheck;
import vivarium.core.Ensemble;
import vivarium.core.PhaseName;
import vivarium.core.Settings;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.tree.AclSchemes;

/**
 * Several peers with links that delay and break, disks that forget what was not forced, and
 * crashes. Everything comes from one seed. After each event the invariants are checked.
 */
final class MiniEnsemble {
    static final int TICK = 200;
    final RandomGenerator random;
    final Ensemble ensemble;
    final TreeMap<Long, MiniServer> servers = new TreeMap<>();
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private long sequence;
    long nextLink = 1;
    long now = 1_000;

    /** The digest at each zxid that was ever served: nobody may serve another. */
    private final TreeMap<Long, Long> served = new TreeMap<>();

    private final TreeMap<Long, Long> leaders = new TreeMap<>();

    /** Whether the disks say that they are done before they are. */
    boolean disksLie;

    /** Whether nothing gets lost, and everything takes a millisecond. */
    boolean calm;

    /** How many znodes of a picture are sent before the link has said what it can take. */
    int firstZnodes = Settings.FIRST_ZNODES;

    /** How much may wait behind a history that is being sent. */
    long behindBytes = Settings.BEHIND_BYTES;

    /** How long it takes until what was sent of a history leaves room for more. */
    long roomMillis = 2;

    /** Whether the operator says that all servers are new. */
    boolean vouched;

    final List<String> trace = new ArrayList<>();

    private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    MiniEnsemble(long seed, int voters, int observers) {
        random = new SplittableRandom(seed);
        List<Long> all = new ArrayList<>();
        for (long sid = 1; sid <= voters + observers; sid++) {
            all.add(sid);
        }
        ensemble = new Ensemble(1, all.subList(0, voters), all.subList(voters, all.size()));
        for (long sid : all) {
            MiniServer server = new MiniServer(this, sid);
            servers.put(sid, server);
            after(random.nextInt(50), server::start);
        }
    }

    Settings settings(long sid) {
        Ensemble own = new Ensemble(sid, ensemble.voters(), ensemble.observers());
        return new Settings(
                own,
                Timing.ofTick(TICK),
                true,
                false,
                true,
                20,
                100,
                10,
                ContainerCheck.every(60_000),
                true,
                vouched,
                false,
                Zxid.LAST_COUNTER,
                firstZnodes,
                behindBytes,
                AclSchemes.NONE);
    }

    void after(long millis, Runnable action) {
        queue.add(new Event(now + millis, sequence++, action));
    }

    MiniServer server(long sid) {
        MiniServer server = servers.get(sid);
        if (server == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return server;
    }

    /** Some time below {@code bound} milliseconds. */
    long some(int bound) {
        return calm ? 1 : random.nextInt(bound);
    }

    /** Whether something happens that happens once in so many times. */
    boolean once(int times) {
        return !calm && random.nextInt(times) == 0;
    }

    void trace(String line) {
        trace.add(now + " " + line);
        if (trace.size() > 400) {
            trace.removeFirst();
        }
    }

    /** Lets {@code millis} go by. */
    void run(long millis) {
        long until = now + millis;
        Event next = queue.peek();
        while (next != null && next.at() <= until) {
            queue.remove();
            now = Math.max(now, next.at());
            next.action().run();
            next = queue.peek();
        }
        now = until;
    }

    /** A server says which phase it is in. */
    void entered(long sid, PhaseName phase, long epoch) {
        if (phase == PhaseName.LEADER_BROADCAST) {
            Long before = leaders.put(epoch, sid);
            if (before != null && before != sid) {
                throw new AssertionError("OneLeaderPerEpoch: " + epoch);
            }
        }
    }

    /** Clients of a server may see this tree. */
    void serves(long sid, long zxid, long digest) {
        Long before = served.putIfAbsent(zxid, digest);
        if (before != null && before != digest) {
            throw new AssertionError(
                    "DigestsAgree: " + sid + " differs at " + Long.toHexString(zxid));
        }
    }

    /** The server that leads, if one does and a quorum knows. */
    @Nullable MiniServer leader() {
        for (MiniServer server : servers.values()) {
            if (server.phase() == PhaseName.LEADER_BROADCAST) {
                return server;
            }
        }
        return null;
    }

    boolean allServe() {
        for (MiniServer server : servers.values()) {
            if (!server.isUp() || !server.phase().isServing()) {
                return false;
            }
        }
        return true;
    }
}
