package vivarium.simulation.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Sketch;
import vivarium.core.Zxid;
import vivarium.core.zab.Message;

/**
 * Writes a run down as a trace that the module TraceZab can be held to: one line for each action,
 * with how the server was after it.
 *
 * <p>A step of a peer is one action, but for those that take messages which waited for the disk, or
 * propose, or begin to send a replica on the way: these are more, and only after the last one is
 * looked at what has become of the server.
 */
public final class TraceWriter implements Scribe {
    /** A zxid is written as epoch * SCALE + counter: the model checker counts in 32 bits. */
    private static final long SCALE = 100_000;

    private static final long MOST_EPOCHS = 20_000;
    private static final String UNSEEN = " - 0 0 0 0 0 0 0 0";

    private final int most;
    private final long lastCounter;
    private final List<String> lines = new ArrayList<>();
    private final TreeMap<String, Integer> counts = new TreeMap<>();
    private final TreeSet<String> places = new TreeSet<>();
    private final TreeSet<String> kinds = new TreeSet<>();

    /** What waits at each learner, as the core holds it. */
    private final TreeMap<Long, ArrayDeque<Input.Received>> held = new TreeMap<>();

    /** The lines of the step that is being taken. */
    private final List<String> step = new ArrayList<>();

    /** The epoch of which each server has told when it last had a connection made. */
    private final TreeMap<Long, Long> told = new TreeMap<>();

    /** What befell others by it. */
    private final List<String> behind = new ArrayList<>();

    /** The servers whose processes run. */
    private final TreeSet<Long> running = new TreeSet<>();

    /** Links that are broken, of which neither end has heard. */
    private final List<Pair> breaking = new ArrayList<>();

    private record Pair(long one, long other) {
        boolean has(long sid) {
            return sid == one || sid == other;
        }
    }

    private boolean stepping;
    private boolean over;
    private @Nullable Input input;
    private @Nullable Sketch before;

    /**
     * @param recent how many applied proposals each server keeps
     * @param lastCounter when a leader's proposals have come to it, it gives up
     * @param most how many lines to write; then the trace ends, though the run goes on
     */
    public TraceWriter(int recent, long lastCounter, int most) {
        this.lastCounter = lastCounter;
        this.most = most;
        lines.add("Recent 0 0 " + recent + UNSEEN);
    }

    /** What was written, a line an element. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** How many lines there are of each action. */
    public Map<String, Integer> counts() {
        return counts;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    /** The phases that servers were in before or after each action, as {@code Action PHASE}. */
    public Set<String> places() {
        return places;
    }

    /** What servers have taken, also what no action is for, as {@code Message.Ack}. */
    public Set<String> kinds() {
        return kinds;
    }

    private static String kind(Input taken) {
        return taken instanceof Input.Received received
                ? "Message." + received.message().getClass().getSimpleName()
                : "Input." + taken.getClass().getSimpleName();
    }

    private void end() {
        over = true;
        step.clear();
        behind.clear();
    }

    private void write(String line) {
        if (over) {
            return;
        }
        lines.add(line);
        counts.merge(firstWord(line), 1, Integer::sum);
        if (lines.size() >= most) {
            end();
        }
    }

    private static String firstWord(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private static String line(String action, long sid, long other, long number) {
        return action + " " + sid + " " + other + " " + number;
    }

    private long scaled(long zxid) {
        long epoch = Zxid.epoch(zxid);
        long counter = Zxid.counter(zxid);
        if (counter >= SCALE || epoch >= MOST_EPOCHS) {
            end();
            return 0;
        }
        return epoch * SCALE + counter;
    }

    private String seen(Sketch sketch) {
        return " "
                + sketch.phase().name()
                + " "
                + Math.max(0, sketch.leader())
                + " "
                + sketch.acceptedEpoch()
                + " "
                + sketch.savedAcceptedEpoch()
                + " "
                + sketch.currentEpoch()
                + " "
                + scaled(sketch.lastLoggedZxid())
                + " "
                + scaled(sketch.durableZxid())
                + " "
                + scaled(sketch.shownZxid())
                + " "
                + (sketch.hasSnapshot() ? 1 : 0);
    }

    @Override
    public void crashed(long sid) {
        step.clear();
        stepping = false;
        if (!running.remove(sid)) {
            return;
        }
        breaking.removeIf(pair -> pair.has(sid));
        write(line("Crash", sid, 0, 0) + UNSEEN);
    }

    @Override
    public void connected(long asker, long accepter) {
        write(line("Connect", asker, accepter, 0) + UNSEEN);
    }

    /** Before the step that hears of it, or in which its leader stops to lead. */
    @Override
    public void admitted(long asker, long accepter) {
        write(line("Admit", asker, accepter, told.getOrDefault(asker, 0L)) + UNSEEN);
    }

    @Override
    public void dismissed(long asker, long accepter) {
        between(line("Dismiss", asker, accepter, 0));
    }

    /** A step may have the effect that somebody waits no more: that comes behind it. */
    private void between(String line) {
        if (stepping) {
            behind.add(line + UNSEEN);
        } else {
            write(line + UNSEEN);
        }
    }

    /**
     * What an end sends that has not heard of it may still arrive: it counts from when the first
     * one hears. One that goes away itself, or dies, before that, is all there is to tell.
     */
    @Override
    public void linkBroken(long one, long other) {
        breaking.add(new Pair(one, other));
    }

    private void hearing(long sid, long other) {
        for (Pair pair : breaking) {
            if (pair.has(sid) && pair.has(other)) {
                write(line("Break", pair.one, pair.other, 0) + UNSEEN);
            }
        }
        breaking.removeIf(pair -> pair.has(sid) && pair.has(other));
    }

    @Override
    public void stepping(long sid, Input taken, Sketch sketch) {
        if (over) {
            return;
        }
        if (!running.contains(sid)) {
            running.add(sid);
            held.put(sid, new ArrayDeque<>());
            write(line("Start", sid, 0, 0) + seen(sketch));
        }
        kinds.add(kind(taken));
        stepping = true;
        step.clear();
        input = taken;
        before = sketch;
        switch (taken) {
            case Input.Durable(long zxid) -> {
                long reached = Math.min(zxid, sketch.lastLoggedZxid());
                if (reached > sketch.durableZxid()) {
                    step.add(line("Durable", sid, 0, scaled(reached)));
                }
            }
            case Input.AcceptedEpochSaved _ -> step.add(line("AcceptedEpochSaved", sid, 0, 0));
            case Input.CurrentEpochSaved _ -> step.add(line("CurrentEpochSaved", sid, 0, 0));
            case Input.Reloaded _ -> step.add(line("Reloaded", sid, 0, 0));
            case Input.SnapshotSaved _ -> step.add(line("SnapshotSaved", sid, 0, 0));
            case Input.LinkUp(long other) -> {
                told.put(sid, sketch.acceptedEpoch());
                step.add(line("OnLinkUp", sid, other, 0));
            }
            case Input.LinkDown(long other) -> {
                hearing(sid, other);
                step.add(line("OnLinkDown", sid, other, 0));
            }
            case Input.Received received -> receiving(sid, received, sketch);
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
    }

    private void receiving(long sid, Input.Received received, Sketch sketch) {
        if (isLearner(sketch.phase()) && received.sid() == sketch.leader()) {
            queue(sid).add(received);
        } else {
            addMessage(sid, received);
        }
    }

    private ArrayDeque<Input.Received> queue(long sid) {
        return held.computeIfAbsent(sid, _ -> new ArrayDeque<>());
    }

    private static boolean isLearner(PhaseName phase) {
        return phase == PhaseName.LEARNER_DISCOVERY
                || phase == PhaseName.LEARNER_SYNCHRONIZATION
                || phase == PhaseName.LEARNER_BROADCAST;
    }

    private void addMessage(long sid, Input.Received received) {
        String line = messageLine(sid, received);
        if (line != null) {
            step.add(line);
        }
    }

    /** Null for what the specification leaves out. */
    private @Nullable String messageLine(long sid, Input.Received received) {
        long from = received.sid();
        return switch (received.message()) {
            case Message.LearnerInfo info -> line("OnLearnerInfo", sid, from, info.acceptedEpoch());
            case Message.LeaderInfo info -> line("OnLeaderInfo", sid, from, info.epoch());
            case Message.AckEpoch ack -> line("OnAckEpoch", sid, from, scaled(ack.lastZxid()));
            case Message.Diff diff -> line("OnDiff", sid, from, scaled(diff.zxid()));
            case Message.Trunc trunc -> line("OnTrunc", sid, from, scaled(trunc.zxid()));
            case Message.Snap _ -> line("OnSnap", sid, from, 0);
            case Message.SnapTail _ -> line("OnSnapTail", sid, from, 0);
            case Message.NewLeader newLeader -> line("OnNewLeader", sid, from, newLeader.epoch());
            case Message.UpToDate _ -> line("OnUpToDate", sid, from, 0);
            case Message.Propose propose ->
                    line("OnPropose", sid, from, scaled(propose.proposal().zxid()));
            case Message.Commit commit -> line("OnCommit", sid, from, scaled(commit.zxid()));
            case Message.Inform inform ->
                    line("OnInform", sid, from, scaled(inform.proposal().zxid()));
            case Message.Ack ack -> line("OnAck", sid, from, scaled(ack.zxid()));
            case Message.SnapPart _, Message.FromLearner _, Message.FromLeader _ -> null;
        };
    }

    @Override
    public void appended(long sid) {
        Sketch sketch = before;
        if (sketch != null && !isLearner(sketch.phase())) {
            step.add(line("Propose", sid, 0, 0));
        }
    }

    @Override
    public void givingUp(long sid, long learner) {
        step.add(line("Refuse", sid, learner, 0));
    }

    @Override
    public void disconnecting(long sid, long other) {
        breaking.removeIf(pair -> pair.has(sid) && pair.has(other));
        boolean ofTime = input instanceof Input.OfTime;
        boolean left =
                input instanceof Input.Received received && messageLine(sid, received) == null;
        Sketch sketch = before;
        String refuse = line("Refuse", sid, other, 0);
        if (sketch != null
                && isLeader(sketch.phase())
                && (ofTime || left)
                && !step.contains(refuse)) {
            step.add(refuse);
        }
    }

    private static boolean isLeader(PhaseName phase) {
        return phase == PhaseName.LEADER_DISCOVERY
                || phase == PhaseName.LEADER_SYNCHRONIZATION
                || phase == PhaseName.LEADER_BROADCAST;
    }

    @Override
    public void synchronizes(long sid, long learner) {
        if (input instanceof Input.LogRead) {
            step.add(line("LogRead", sid, learner, 0));
            return;
        }
        Sketch sketch = before;
        boolean asked =
                input instanceof Input.Received received
                        && received.message() instanceof Message.AckEpoch;
        if (sketch != null && sketch.phase() == PhaseName.LEADER_BROADCAST && !asked) {
            step.add(line("Confirm", sid, learner, 0));
        }
    }

    /**
     * A request that was let in by one commit may be proposed before the next: the specification
     * commits all that it can in one step, and proposes then. The trace ends before such a step.
     */
    @Override
    public void commits(long sid) {
        for (String line : step) {
            if (line.startsWith("Propose")) {
                end();
                return;
            }
        }
    }

    /** To a learner that has waited for a quorum's word, it may begin with that. */
    @Override
    public void beginsSnapshot(long sid, long learner) {
        if (input instanceof Input.Received received
                && received.message() instanceof Message.Pong) {
            step.add(line("Confirm", sid, learner, 0));
        }
        step.add(line("SnapshotBegins", sid, learner, 0));
    }

    @Override
    public void stepped(long sid, Sketch after) {
        Sketch was = before;
        stepping = false;
        if (was == null || over) {
            return;
        }
        ArrayDeque<Input.Received> waiting = queue(sid);
        if (after.phase() == PhaseName.LOOKING && was.phase() != PhaseName.LOOKING) {
            fallen(sid, waiting);
            makeWay(sid, after);
        } else {
            while (waiting.size() > after.heldMessages()) {
                addMessage(sid, waiting.remove());
            }
            if (was.phase() == PhaseName.LOOKING && after.phase() != PhaseName.LOOKING) {
                step.add(
                        isLeader(after.phase())
                                ? line("Lead", sid, 0, 0)
                                : line("Follow", sid, after.leader(), 0));
            }
        }
        flush(sid, was, after);
    }

    /**
     * It looks for a leader again. By what a message said if that was the only one; where it is not
     * known which of several it was, the trace can't go on.
     */
    private void fallen(long sid, ArrayDeque<Input.Received> waiting) {
        if (input instanceof Input.Tick) {
            step.removeIf(line -> !line.startsWith("Propose"));
            step.add(line("GiveUp", sid, 0, 0));
        } else if (isTooLate()) {
            end();
        }
        if (step.isEmpty() && waiting.size() > 1) {
            end();
        } else if (step.isEmpty() && waiting.size() == 1) {
            addMessage(sid, waiting.remove());
        }
        waiting.clear();
        if (step.isEmpty()) {
            step.add(line("GiveUp", sid, 0, 0));
        }
    }

    /**
     * Whether it was being chosen and gives up for the time that it took, though something else
     * than a tick came: then it is not known how far the step would have gone.
     */
    private boolean isTooLate() {
        Sketch was = before;
        if (was == null || was.phase() != PhaseName.LEADER_DISCOVERY) {
            return false;
        }
        return !switch (input) {
            case Input.Received(long _, Message.AckEpoch ack) ->
                    ack.promised()
                            && (ack.currentEpoch() > was.currentEpoch()
                                    || (ack.currentEpoch() == was.currentEpoch()
                                            && ack.lastZxid() > was.lastLoggedZxid()));
            case Input.Received(long _, Message.LearnerInfo info) ->
                    info.acceptedEpoch() > was.acceptedEpoch();
            case null, default -> false;
        };
    }

    /** The specification counts without end: there a leader gives up for no reason at all. */
    private void makeWay(long sid, Sketch after) {
        boolean done =
                input instanceof Input.Durable
                        || (input instanceof Input.Received received
                                && received.message() instanceof Message.Ack);
        if (done
                && before != null
                && before.phase() == PhaseName.LEADER_BROADCAST
                && Zxid.counter(after.lastLoggedZxid()) == lastCounter) {
            step.add(line("GiveUp", sid, 0, 0));
        }
    }

    private void flush(long sid, Sketch was, Sketch after) {
        if (step.isEmpty() && !was.equals(after)) {
            step.add(line("Nothing", sid, 0, 0));
        }
        for (int i = 0; i < step.size(); i++) {
            if (!over) {
                places.add(firstWord(step.get(i)) + " " + was.phase());
                places.add(firstWord(step.get(i)) + " " + after.phase());
            }
            write(step.get(i) + (i == step.size() - 1 ? seen(after) : UNSEEN));
        }
        step.clear();
        behind.forEach(this::write);
        behind.clear();
    }
}
