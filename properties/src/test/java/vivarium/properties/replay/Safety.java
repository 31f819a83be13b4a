package vivarium.properties.replay;

import java.util.List;
import java.util.TreeMap;
import vivarium.core.PhaseName;

/**
 * Whether real peers keep what the specification promises, wherever a schedule leads them: one
 * leader in each epoch, one history, and what was committed on the disks of a quorum.
 */
final class Safety {
    private final Rig rig;

    /** Who was established, by the epoch. */
    private final TreeMap<Long, Long> leaders = new TreeMap<>();

    private List<Entry> committed = List.of();

    Safety(Rig rig) {
        this.rig = rig;
    }

    /** To be called behind each step. */
    void check() {
        for (RigServer server : rig.servers()) {
            if (server.phase() == PhaseName.LEADER_BROADCAST) {
                checkLeader(server);
            }
        }
        long holding =
                rig.bounds.voters().stream().filter(sid -> holds(rig.server(sid).disk)).count();
        if (2 * holding <= rig.bounds.voters().size()) {
            throw new AssertionError(holding + " voters hold " + Entry.text(committed));
        }
    }

    private void checkLeader(RigServer server) {
        long epoch = server.peer().sketch().currentEpoch();
        Long other = leaders.putIfAbsent(epoch, server.sid);
        if (other != null && other != server.sid) {
            throw new AssertionError(server.sid + " and " + other + " lead in epoch " + epoch);
        }
        long shown = server.peer().replica().lastProcessedZxid();
        List<Entry> seen = server.disk.log.subList(0, server.disk.upTo(shown));
        if (isPrefix(committed, seen)) {
            committed = List.copyOf(seen);
        } else if (!isPrefix(seen, committed)) {
            throw new AssertionError(
                    server.sid + " shows " + Entry.text(seen) + ", not " + Entry.text(committed));
        }
    }

    /** Whether it would be there after a crash, whatever that takes. */
    private boolean holds(RigDisk disk) {
        if (disk.installing) {
            return isPrefix(committed, disk.log)
                    && isPrefix(committed, disk.instead.subList(0, disk.insteadDurable));
        }
        int kept = disk.cut < 0 ? disk.durable : Math.min(disk.durable, disk.upTo(disk.cut));
        return isPrefix(committed, disk.log.subList(0, kept));
    }

    private static boolean isPrefix(List<Entry> some, List<Entry> more) {
        return some.size() <= more.size() && more.subList(0, some.size()).equals(some);
    }
}
