package vivarium.simulation.check;

import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.zab.Message;
import vivarium.simulation.engine.Marks;

/** Notices rare paths that show in several steps of one server only. */
final class RarePaths {
    private final Marks marks;
    private final TreeMap<Long, Leading> all = new TreeMap<>();

    /** What a server does that leads. */
    private static final class Leading {
        /** What it steps, or has stepped last. */
        @Nullable Input input;

        /** Up to where it has last read its log back, -1 if it did not. */
        long readZxid = -1;

        /** Who is being sent what is read back. */
        final TreeSet<Long> fromLog = new TreeSet<>();

        /** The syncs that it has not answered, by who asked; they are answered in this order. */
        final TreeMap<Long, ArrayDeque<Long>> syncs = new TreeMap<>();

        /** Sessions that have asked for a write behind such a sync. */
        final TreeSet<Long> written = new TreeSet<>();

        /** Who is being sent a snapshot. */
        final TreeSet<Long> inSnapshot = new TreeSet<>();
    }

    RarePaths(Marks marks) {
        this.marks = marks;
    }

    private Leading of(long sid) {
        return all.computeIfAbsent(sid, _ -> new Leading());
    }

    void began(long sid) {
        all.remove(sid);
    }

    void stepping(long sid, Input input) {
        Leading leading = of(sid);
        leading.input = input;
        switch (input) {
            case Input.LogRead read -> {
                if (read.foundZxid() == read.afterZxid() && read.foundZxid() == leading.readZxid) {
                    marks.see("log read back in several portions");
                }
                leading.readZxid =
                        read.proposals().isEmpty() ? -1 : read.proposals().getLast().zxid();
            }
            case Input.LinkDown down -> lost(leading, down.sid());
            case Input.Received received -> {
                if (received.message() instanceof Message.LearnerInfo) {
                    lost(leading, received.sid());
                } else if (received.message() instanceof Message.Request request) {
                    asked(leading, received.sid(), request.sessionId());
                } else if (received.message() instanceof Message.SyncRequest sync) {
                    synced(leading, received.sid(), sync.sessionId());
                }
            }
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
    }

    private static ArrayDeque<Long> syncs(Leading leading, long learner) {
        return leading.syncs.computeIfAbsent(learner, _ -> new ArrayDeque<>());
    }

    private static void asked(Leading leading, long learner, long session) {
        if (syncs(leading, learner).contains(session)) {
            leading.written.add(session);
        }
    }

    private void synced(Leading leading, long learner, long session) {
        if (leading.written.contains(session)) {
            marks.see("write between two syncs");
        }
        syncs(leading, learner).add(session);
    }

    private static void answered(Leading leading, long learner) {
        ArrayDeque<Long> syncs = syncs(leading, learner);
        Long session = syncs.poll();
        if (session != null && !syncs.contains(session)) {
            leading.written.remove(session);
        }
    }

    /** It is the clock that shows for how long a learner was silent, and nothing else does. */
    void givingUp(long sid) {
        if (!(of(sid).input instanceof Input.Tick)) {
            marks.see("learner given up for what waits behind its history");
        }
    }

    private void lost(Leading leading, long learner) {
        leading.inSnapshot.remove(learner);
        leading.written.removeAll(syncs(leading, learner));
        leading.syncs.remove(learner);
        if (leading.fromLog.remove(learner)) {
            marks.see("link lost while the log was read back");
        }
    }

    void sending(long sid, long to, Message message) {
        Leading leading = of(sid);
        switch (message) {
            case Message.Diff _ -> {
                marks.see("DIFF sent");
                if (sendsWhatWasRead(leading, to)) {
                    marks.see("DIFF from the log on disk");
                }
            }
            case Message.Trunc _ -> {
                marks.see("TRUNC sent");
                if (sendsWhatWasRead(leading, to)) {
                    marks.see("TRUNC to what only the log on disk has");
                }
            }
            case Message.Snap _ -> {
                marks.see("SNAP sent");
                leading.inSnapshot.add(to);
            }
            case Message.SnapTail _ -> leading.inSnapshot.remove(to);
            case Message.NewLeader _ -> leading.fromLog.remove(to);
            case Message.Synced _ -> answered(leading, to);
            case Message.FromLeader _, Message.FromLearner _ -> {}
        }
    }

    private static boolean sendsWhatWasRead(Leading leading, long to) {
        return leading.input instanceof Input.LogRead && leading.fromLog.add(to);
    }

    void appended(long sid) {
        if (!of(sid).inSnapshot.isEmpty()) {
            marks.see("write while a SNAP is being sent");
        }
    }
}
