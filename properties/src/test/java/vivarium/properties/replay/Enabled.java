package vivarium.properties.replay;

import java.util.ArrayDeque;
import java.util.Set;
import java.util.TreeSet;
import vivarium.core.PhaseName;
import vivarium.core.Sketch;

/** Which steps could be taken now, to go by the peers, their disks and what is between them. */
final class Enabled {
    private final Rig rig;
    private final TreeSet<String> steps = new TreeSet<>();

    private Enabled(Rig rig) {
        this.rig = rig;
    }

    static Set<String> in(Rig rig) {
        Enabled enabled = new Enabled(rig);
        for (RigServer server : rig.servers()) {
            enabled.alone(server);
            enabled.ofDisk(server);
            for (RigServer other : rig.servers()) {
                if (other != server) {
                    enabled.between(server, other);
                }
            }
        }
        return enabled.steps;
    }

    /** Whether these peers can take a step that was meant for others; also a larger one. */
    static boolean admits(Rig rig, String step) {
        String[] words = step.split(" ", -1);
        Set<String> enabled = in(rig);
        return switch (words[0]) {
            case "Forced" -> enabled.contains(step.replace("Forced", "Durable"));
            case "MCLearn" ->
                    rig.server(Long.parseLong(words[1])).learns()
                            && enabled.contains(step.replace("MCLearn", "On"));
            case "Tire" -> {
                RigServer server = rig.server(Long.parseLong(words[1]));
                yield server.phase() != PhaseName.LOOKING && !waits(server);
            }
            default -> enabled.contains(step);
        };
    }

    private void add(boolean possible, String step) {
        if (possible) {
            steps.add(step);
        }
    }

    private void alone(RigServer server) {
        long s = server.sid;
        PhaseName phase = server.phase();
        add(mayLead(server), "MCLead " + s);
        add(isLost(server) && !waits(server), "LosePatience " + s);
        add(phase == PhaseName.LEADER_BROADCAST && rig.txns < rig.bounds.maxTxns(), "Propose " + s);
    }

    private boolean mayLead(RigServer server) {
        Sketch own = server.peer().sketch();
        if (own.phase() != PhaseName.LOOKING
                || !server.isSettled()
                || own.acceptedEpoch() >= rig.bounds.maxEpoch()
                || !rig.bounds.voters().contains(server.sid)) {
            return false;
        }
        int behind = 0;
        for (long voter : rig.bounds.voters()) {
            Sketch other = rig.server(voter).peer().sketch();
            boolean noNewer =
                    other.currentEpoch() < own.currentEpoch()
                            || (other.currentEpoch() == own.currentEpoch()
                                    && other.lastLoggedZxid() <= own.lastLoggedZxid());
            behind += other.phase() == PhaseName.LOOKING && noNewer ? 1 : 0;
        }
        return 2 * behind > rig.bounds.voters().size();
    }

    private boolean isLost(RigServer server) {
        if (!server.learns()) {
            return false;
        }
        long leader = Anatomy.leader(server);
        return !rig.server(leader).leads() || !rig.isLinked(server.sid, leader);
    }

    private static boolean waits(RigServer server) {
        return server.phase() == PhaseName.LEARNER_SYNCHRONIZATION && !server.isSettled();
    }

    private void ofDisk(RigServer server) {
        long s = server.sid;
        RigDisk disk = server.disk;
        if (!disk.tasks.isEmpty()) {
            steps.add(
                    (disk.tasks.getFirst().ofAccepted()
                                    ? "AcceptedEpochSaved "
                                    : "CurrentEpochSaved ")
                            + s);
        }
        add(disk.cut >= 0, "Reloaded " + s);
        add(disk.writing >= 0, "SnapshotSaved " + s);
        for (int n = disk.durable + 1; n <= disk.log.size(); n++) {
            add(server.isSettled(), "Durable " + s + " " + n);
        }
        if (rig.crashes < rig.bounds.maxCrashes()) {
            for (int keep = 0; keep <= rig.bounds.mostEntries(); keep++) {
                for (int done = 0; done <= rig.bounds.maxTasks(); done++) {
                    String step = "Restart " + s + " " + keep + " " + done;
                    add(disk.maySurvive(keep, done, false), step + " FALSE");
                    add(disk.maySurvive(keep, done, true), step + " TRUE");
                }
            }
        }
    }

    private void between(RigServer server, RigServer other) {
        String pair = " " + server.sid + " " + other.sid;
        boolean votes = rig.bounds.voters().contains(other.sid);
        boolean linked = rig.isLinked(server.sid, other.sid);
        add(
                server.phase() == PhaseName.LOOKING
                        && server.isSettled()
                        && votes
                        && other.leads()
                        && !linked
                        && rig.channel(server.sid, other.sid).isEmpty(),
                "MCFollow" + pair);
        add(linked && rig.breaks < rig.bounds.maxBreaks(), "Break" + pair);
        ArrayDeque<Parcel> channel = rig.channel(other.sid, server.sid);
        add(channel.contains(Parcel.DOWN), "OnLinkDown" + pair);
        Parcel head = channel.peek();
        add(head != null && !Parcel.DOWN.equals(head) && hears(server, other.sid), "On" + pair);
        if (server.phase() == PhaseName.LEADER_BROADCAST
                || server.phase() == PhaseName.LEADER_SYNCHRONIZATION) {
            String stage = Anatomy.stage(server, other.sid);
            boolean asked = stage.equals("WAITING_FOR_LOG") && !server.disk.reading.isEmpty();
            add(asked, "LogRead" + pair);
            add(asked, "SnapshotBegins" + pair);
            add(
                    server.phase() == PhaseName.LEADER_BROADCAST && stage.equals("PROMISED"),
                    "Confirm" + pair);
        }
    }

    private static boolean hears(RigServer server, long from) {
        return !waits(server) || Anatomy.leader(server) != from;
    }
}
