package vivarium.properties.replay;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Zxid;

/** A server's disk, with what was asked of it and is not done. */
final class RigDisk {
    /** The whole history, also what a snapshot that was received has in it. */
    List<Entry> log = new ArrayList<>();

    /** How many of them are safe. */
    int durable;

    /** The name of the snapshot that was received, 0 for none. */
    long mark;

    long accepted;
    long current;
    boolean snapshot;

    /** Epochs to be saved, each with which of the two. */
    final List<Task> tasks = new ArrayList<>();

    /** Behind what the log is to be cut, -1 for nowhere. */
    long cut = -1;

    /** The snapshot that is being written, -1 for none; whether it takes the place of all. */
    long writing = -1;

    boolean installing;

    /** What is there until then. */
    List<Entry> instead = new ArrayList<>();

    int insteadDurable;
    long insteadMark;

    /** Behind which zxids the log is to be read. */
    final List<Long> reading = new ArrayList<>();

    record Task(boolean ofAccepted, long epoch) {
        String text() {
            return Text.sequence(
                    List.of(ofAccepted ? "accepted" : "current", Long.toString(epoch)));
        }
    }

    RigDisk(long epoch, boolean snapshot) {
        this.accepted = epoch;
        this.current = epoch;
        this.snapshot = snapshot;
    }

    /** It has kept so many transactions of its epoch, all of which the first server led. */
    void begin(int count) {
        for (int counter = 1; counter <= count; counter++) {
            long zxid = Zxid.of(current, counter);
            log.add(new Entry(Entry.proposal(zxid, 1)));
        }
        durable = count;
    }

    /** How many entries are not newer than {@code zxid}. */
    int upTo(long zxid) {
        return (int) log.stream().filter(entry -> entry.zxid() <= zxid).count();
    }

    /** A received replica takes the place of all, once it is there. */
    void install(List<Entry> history, long zxid) {
        instead = log;
        insteadDurable = durable;
        insteadMark = mark;
        installing = true;
        log = new ArrayList<>(history);
        durable = log.size();
        mark = zxid;
    }

    void installed() {
        installing = false;
        instead = new ArrayList<>();
        insteadDurable = 0;
        insteadMark = 0;
    }

    void cutNow() {
        log = new ArrayList<>(log.subList(0, upTo(cut)));
        durable = log.size();
        cut = -1;
    }

    boolean maySurvive(int keep, int done, boolean old) {
        if (done > tasks.size()) {
            return false;
        }
        if (old) {
            return installing && keep >= insteadDurable && keep <= instead.size();
        }
        if (installing) {
            return keep == log.size();
        }
        int least = cut < 0 ? durable : Math.min(durable, upTo(cut));
        return keep >= least && keep <= log.size();
    }

    /** The power goes: so much is left. */
    void crash(int keep, int done, boolean old) {
        log = new ArrayList<>((old ? instead : log).subList(0, keep));
        mark = old ? insteadMark : mark;
        durable = keep;
        for (Task task : tasks.subList(0, done)) {
            if (task.ofAccepted()) {
                accepted = Math.max(accepted, task.epoch());
            } else {
                current = Math.max(current, task.epoch());
            }
        }
        tasks.clear();
        reading.clear();
        cut = -1;
        writing = -1;
        installed();
        long last = log.isEmpty() ? 0 : log.getLast().zxid();
        current = Math.max(current, Zxid.epoch(Math.max(mark, last)));
    }

    /** Another disk is in its place, with nothing on it. */
    void lose() {
        log = new ArrayList<>();
        durable = 0;
        mark = 0;
        accepted = 0;
        current = 0;
        snapshot = false;
        tasks.clear();
    }

    Recovered recover() {
        Replica replica = Replica.fresh(true);
        log.forEach(entry -> replica.apply(entry.proposal()));
        if (mark > replica.lastProcessedZxid()) {
            replica.enterEpoch(mark);
        }
        return new Recovered(replica, accepted, current, snapshot ? mark : -1, 0);
    }
}
