package vivarium.properties.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import vivarium.core.ContainerCheck;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Settings;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.tree.AclSchemes;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;

/**
 * An ensemble of real peers to which nothing happens by itself: not a message arrives, not a disk
 * is done, no time goes by, unless a step of the specification says so.
 */
final class Rig implements Actors {
    private static final int TICK_MILLIS = 100;
    private static final int NEVER = 1_000_000;
    private static final int CLIENT_MILLIS = 1_000;

    final Bounds bounds;
    private final List<RigServer> servers = new ArrayList<>();

    /** What is on its way from the first to the second. */
    private final TreeMap<Long, TreeMap<Long, ArrayDeque<Parcel>>> channels = new TreeMap<>();

    private final TreeSet<Pair> linked = new TreeSet<>();

    /** The newest that each has told each of its vote, if that was not taken. */
    final TreeMap<Long, TreeMap<Long, Notification>> notifications = new TreeMap<>();

    private final Safety safety = new Safety(this);

    /** How many pings each learner has not answered. They are no steps of the specification. */
    private final TreeMap<Long, Integer> pings = new TreeMap<>();

    /** The longest history that was ever committed. */
    private List<Entry> committed = List.of();

    int txns;
    int crashes;
    int breaks;

    /** Two servers, the lesser first. */
    record Pair(long one, long other) implements Comparable<Pair> {
        static Pair of(long some, long other) {
            return new Pair(Math.min(some, other), Math.max(some, other));
        }

        @Override
        public int compareTo(Pair that) {
            int byOne = Long.compare(one, that.one);
            return byOne != 0 ? byOne : Long.compare(other, that.other);
        }

        @Override
        public String toString() {
            return "{" + one + "," + other + "}";
        }
    }

    /** All servers are up. */
    Rig(Bounds bounds) {
        this(bounds, bounds.servers().stream().map(sid -> diskOf(sid, bounds)).toList());
        servers.forEach(RigServer::start);
    }

    /** None is up. */
    Rig(Bounds bounds, List<RigDisk> disks) {
        this.bounds = bounds;
        for (long sid : bounds.servers()) {
            TreeMap<Long, ArrayDeque<Parcel>> from = new TreeMap<>();
            bounds.servers().forEach(to -> from.put(to, new ArrayDeque<>()));
            channels.put(sid, from);
            notifications.put(sid, new TreeMap<>());
            servers.add(new RigServer(this, sid, disks.get((int) sid - 1)));
        }
    }

    private static RigDisk diskOf(long sid, Bounds bounds) {
        RigDisk disk = new RigDisk(bounds.fresh() ? 0 : 1, !bounds.fresh());
        disk.begin(bounds.begins(sid));
        return disk;
    }

    Settings settings(long sid) {
        List<Long> observers =
                bounds.servers().stream().filter(each -> !bounds.voters().contains(each)).toList();
        return settings(new Ensemble(sid, bounds.voters(), observers), bounds.recent());
    }

    static Settings settings(Ensemble ensemble, int recent) {
        return new Settings(
                ensemble,
                Timing.ofTick(TICK_MILLIS),
                true,
                false,
                false,
                NEVER,
                NEVER,
                recent,
                ContainerCheck.every(NEVER),
                true,
                false,
                false,
                Zxid.LAST_COUNTER,
                Settings.FIRST_ZNODES,
                Settings.BEHIND_BYTES,
                AclSchemes.NONE);
    }

    RigServer server(long sid) {
        return servers.get((int) sid - 1);
    }

    List<RigServer> servers() {
        return servers;
    }

    ArrayDeque<Parcel> channel(long from, long to) {
        ArrayDeque<Parcel> channel = channels.getOrDefault(from, new TreeMap<>()).get(to);
        if (channel == null) {
            throw new IllegalArgumentException("no channel from " + from + " to " + to);
        }
        return channel;
    }

    boolean isLinked(long one, long other) {
        return linked.contains(Pair.of(one, other));
    }

    @Override
    public List<String> seen() {
        return servers.stream().map(RigServer::seen).toList();
    }

    @Override
    public Set<String> enabled() {
        return Enabled.in(this);
    }

    @Override
    public boolean admits(String step) {
        return Enabled.admits(this, step);
    }

    @Override
    public void check() {
        safety.check();
    }

    /** What is around the servers, as the module's Around has it. */
    @Override
    public String around() {
        List<String> rows = new ArrayList<>();
        for (long from : bounds.servers()) {
            List<String> row = new ArrayList<>();
            for (long to : bounds.servers()) {
                row.add(Text.sequence(channel(from, to).stream().map(Parcel::text).toList()));
            }
            rows.add(Text.sequence(row));
        }
        return new Text()
                .with("chan", Text.sequence(rows))
                .with("linked", Text.set(linked))
                .with("com", Entry.text(committed))
                .toString();
    }

    void send(long from, long to, Parcel parcel) {
        if (parcel.messages().getFirst() instanceof Message.Ping) {
            pings.merge(to, 1, Integer::sum);
        } else if (!parcel.kind().isEmpty() && isLinked(from, to)) {
            channel(from, to).add(parcel);
        }
    }

    /** What one server's vote was when it told it last, by whom it told. */
    Map<Long, Notification> boxOf(long from) {
        Map<Long, Notification> box = notifications.get(from);
        if (box == null) {
            throw new IllegalArgumentException("no server " + from);
        }
        return box;
    }

    void tell(long from, long to, Notification notification) {
        boxOf(from).put(to, notification);
    }

    /** One end gives a link up. */
    void close(long self, long to) {
        channel(to, self).clear();
        if (linked.remove(Pair.of(self, to))) {
            channel(self, to).add(Parcel.DOWN);
        }
        pings.remove(self);
        pings.remove(to);
    }

    /** Of the module ReplayZab. */
    @Override
    public void take(String step) {
        String[] words = step.split(" ", -1);
        long s = Long.parseLong(words[1]);
        RigServer server = server(s);
        switch (words[0]) {
            case "MCLead" -> elect(server, server.told().vote());
            case "MCFollow" -> follow(server, Long.parseLong(words[2]));
            case "LosePatience", "Tire" -> server.losePatience();
            case "Propose" -> {
                txns++;
                server.step(new Input.Connect(txns, 0, false, CLIENT_MILLIS, 0, false, List.of()));
            }
            case "Durable", "Forced" -> {
                server.disk.durable = Integer.parseInt(words[2]);
                Entry last = server.disk.log.get(server.disk.durable - 1);
                server.step(new Input.Durable(last.zxid()));
            }
            case "AcceptedEpochSaved" -> {
                long epoch = server.disk.tasks.removeFirst().epoch();
                server.disk.accepted = epoch;
                server.step(new Input.AcceptedEpochSaved(epoch));
            }
            case "CurrentEpochSaved" -> {
                long epoch = server.disk.tasks.removeFirst().epoch();
                server.disk.current = Math.max(server.disk.current, epoch);
                server.step(new Input.CurrentEpochSaved(epoch));
            }
            case "Reloaded" -> {
                server.disk.cutNow();
                server.step(new Input.Reloaded(server.disk.recover()));
            }
            case "SnapshotSaved" -> {
                server.disk.installed();
                server.disk.snapshot = true;
                long zxid = server.disk.writing;
                server.disk.writing = -1;
                server.step(new Input.SnapshotSaved(zxid));
            }
            case "Restart" ->
                    restart(
                            server,
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]),
                            words[4].equals("TRUE"));
            case "Break" -> breakLink(s, Long.parseLong(words[2]));
            case "On" -> {
                long from = Long.parseLong(words[2]);
                server.receive(from, channel(from, s).remove());
            }
            case "MCLearn" -> learn(server, Long.parseLong(words[2]));
            case "OnLinkDown" -> down(server, Long.parseLong(words[2]));
            case "Confirm" -> confirm(server);
            case "LogRead" -> readLogFor(server, Long.parseLong(words[2]), true);
            case "SnapshotBegins" -> readLogFor(server, Long.parseLong(words[2]), false);
            default -> throw new IllegalArgumentException("no such step: " + step);
        }
        noteCommitted(server);
    }

    /** The longest history that any leader ever committed. */
    List<Entry> committed() {
        return committed;
    }

    private void noteCommitted(RigServer server) {
        if (server.phase() == PhaseName.LEADER_BROADCAST) {
            long shown = server.peer().replica().lastProcessedZxid();
            List<Entry> seen = server.disk.log.subList(0, server.disk.upTo(shown));
            boolean isPrefix =
                    seen.size() <= committed.size()
                            && committed.subList(0, seen.size()).equals(seen);
            committed = isPrefix ? committed : List.copyOf(seen);
        }
    }

    /** All others want the same leader as this server is to have. */
    private void elect(RigServer server, Vote vote) {
        long round = server.told().round();
        boolean votes = bounds.voters().contains(server.sid);
        for (long other : bounds.voters()) {
            if (other != server.sid) {
                Notification.State state =
                        votes
                                ? Notification.State.LOOKING
                                : other == vote.leader()
                                        ? Notification.State.LEADING
                                        : Notification.State.FOLLOWING;
                server.step(new Input.Notified(other, new Notification(state, vote, round)));
            }
        }
    }

    /** The leader is found, the link is there, and both ends know. */
    private void follow(RigServer server, long leader) {
        channel(leader, server.sid).clear();
        elect(server, new Vote(leader, Long.MAX_VALUE, Long.MAX_VALUE));
        linked.add(Pair.of(server.sid, leader));
        server.step(new Input.LinkUp(leader));
        server(leader).step(new Input.LinkUp(server.sid));
    }

    private void restart(RigServer server, int keep, int done, boolean old) {
        crashes++;
        for (long other : bounds.servers()) {
            if (linked.remove(Pair.of(server.sid, other))) {
                channel(server.sid, other).add(Parcel.DOWN);
            }
            channel(other, server.sid).clear();
        }
        pings.remove(server.sid);
        server.disk.crash(keep, done, old);
        server.restart();
    }

    private void breakLink(long s, long t) {
        breaks++;
        linked.remove(Pair.of(s, t));
        channel(s, t).add(Parcel.DOWN);
        channel(t, s).add(Parcel.DOWN);
        pings.remove(s);
        pings.remove(t);
    }

    /** A learner takes all that waits for it, as far as its disk lets it. */
    private void learn(RigServer server, long from) {
        ArrayDeque<Parcel> channel = channel(from, server.sid);
        while (!channel.isEmpty()
                && !Parcel.DOWN.equals(channel.peek())
                && server.learns()
                && (server.phase() != PhaseName.LEARNER_SYNCHRONIZATION || server.isSettled())) {
            server.receive(from, channel.remove());
        }
    }

    /** It may overtake whatever was sent before. */
    private void down(RigServer server, long from) {
        ArrayDeque<Parcel> channel = channel(from, server.sid);
        while (!Parcel.DOWN.equals(channel.remove())) {
            // What the end of the link has taken with it.
        }
        server.step(new Input.LinkDown(from));
    }

    /** A quorum answers what it was asked: whether this leader still leads. */
    private void confirm(RigServer leader) {
        List<Long> asked = new ArrayList<>(pings.keySet());
        for (long sid : asked) {
            Integer open = pings.remove(sid);
            for (int i = 0; open != null && i < open; i++) {
                leader.step(new Input.Received(sid, new Message.Pong(0, List.of())));
            }
        }
    }

    /**
     * What the log's files have for a learner, or that they have nothing. Before that comes what
     * was asked for one that has gone, and changes nothing.
     */
    private static void readLogFor(RigServer leader, long learner, boolean found) {
        String before = leader.seen();
        readLog(leader, found);
        while (Anatomy.stage(leader, learner).equals("WAITING_FOR_LOG")) {
            if (!leader.seen().equals(before)) {
                throw new AssertionError(before + " was changed by an answer for nobody");
            }
            readLog(leader, found);
        }
    }

    private static void readLog(RigServer leader, boolean found) {
        long after = leader.disk.reading.removeFirst();
        long last = -1;
        List<Proposal> behind = new ArrayList<>();
        for (Entry entry : leader.disk.log) {
            if (entry.zxid() <= after) {
                last = entry.zxid();
            } else if (found) {
                behind.add(entry.proposal());
            }
        }
        leader.step(new Input.LogRead(after, found ? last : -1, behind));
    }
}
