package vivarium.properties.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;

/**
 * Servers that look for a leader, and do nothing else: real peers, which the module ReplayElection
 * leads. Links are never there, so that who has settled stays where it is until it gives up.
 */
final class ElectionRig implements Actors {
    private static final Pattern HISTORY = Pattern.compile("<(\\d+),(\\d+)>");
    private static final Vote NOBODY = new Vote(0, 0, 0);
    private final Rig rig;
    private final Bounds bounds;
    private final int maxStops;
    private final int maxLosses;

    /** What each goes by: the epoch of its history, and its last zxid. */
    private final List<Vote> histories = new ArrayList<>();

    private final TreeSet<Long> up = new TreeSet<>();

    /** In which round each was when it was looked at last, if it looked for a leader. */
    private final TreeMap<Long, Long> rounds = new TreeMap<>();

    private int stops;
    private int losses;

    /**
     * Where nobody has begun.
     *
     * @param constants what the configuration sets
     * @param around what is around them in the module's first state, with their histories
     */
    ElectionRig(Map<String, String> constants, String around) {
        this.bounds = Bounds.ofElection(constants);
        this.maxStops = Bounds.number(constants, "MaxStops");
        this.maxLosses = Bounds.number(constants, "MaxLosses");
        Matcher pair = HISTORY.matcher(around.substring(around.indexOf("history:")));
        List<RigDisk> disks = new ArrayList<>();
        while (pair.find()) {
            long sid = disks.size() + 1L;
            int epoch = Integer.parseInt(pair.group(1));
            int count = Integer.parseInt(pair.group(2));
            histories.add(new Vote(sid, count, epoch));
            RigDisk disk = new RigDisk(1, true);
            disk.begin(count);
            disk.accepted = epoch;
            disk.current = epoch;
            disks.add(disk);
        }
        this.rig = new Rig(bounds, disks);
    }

    @Override
    public Set<String> enabled() {
        TreeSet<String> steps = new TreeSet<>();
        boolean quiet = rig.notifications.values().stream().allMatch(Map::isEmpty);
        for (RigServer server : rig.servers()) {
            long s = server.sid;
            if (!up.contains(s)) {
                steps.add("Start " + s);
                continue;
            }
            if (stops < maxStops) {
                steps.add("Stop " + s);
            }
            if (server.phase() != PhaseName.LOOKING) {
                addIf(isInVain(server), "GiveUp " + s, steps);
            } else if (Anatomy.isLikely(server)) {
                steps.add("SettleLate " + s);
            } else {
                addIf(quiet, "Tells " + s, steps);
            }
        }
        rig.notifications.forEach((from, box) -> {
            for (long to : box.keySet()) {
                steps.add("OnNotification " + to + " " + from);
                addIf(losses < maxLosses, "Lose " + from + " " + to, steps);
            }
        });
        return steps;
    }

    private static void addIf(boolean possible, String step, Set<String> steps) {
        if (possible) {
            steps.add(step);
        }
    }

    /** A leader without a quorum, or one that follows who does not lead. */
    private boolean isInVain(RigServer server) {
        if (!server.leads()) {
            RigServer leader = rig.server(Anatomy.leader(server));
            return !up.contains(leader.sid) || !leader.leads();
        }
        long with =
                bounds.voters().stream()
                        .filter(sid -> up.contains(sid) && follows(sid, server.sid))
                        .count();
        return 2 * with <= bounds.voters().size();
    }

    private boolean follows(long sid, long leader) {
        RigServer server = rig.server(sid);
        return server.phase() != PhaseName.LOOKING && Anatomy.leader(server) == leader;
    }

    @Override
    public void take(String step) {
        String[] words = step.split(" ", -1);
        long s = Long.parseLong(words[1]);
        RigServer server = rig.server(s);
        switch (words[0]) {
            case "Start" -> {
                up.add(s);
                server.restart();
            }
            case "Stop" -> {
                stops++;
                up.remove(s);
                rounds.remove(s);
                rig.boxOf(s).clear();
            }
            case "SettleLate", "Tells" -> server.waitOnce();
            case "GiveUp" -> server.losePatience();
            case "OnNotification" -> {
                long from = Long.parseLong(words[2]);
                Notification heard = taken(from, s);
                if (up.contains(s)) {
                    server.step(new Input.Notified(from, heard));
                }
            }
            case "Lose" -> {
                losses++;
                taken(s, Long.parseLong(words[2]));
            }
            default -> throw new IllegalArgumentException("no such step: " + step);
        }
    }

    private Notification taken(long from, long to) {
        Notification notification = rig.boxOf(from).remove(to);
        if (notification == null) {
            throw new AssertionError("nothing is on its way from " + from + " to " + to);
        }
        return notification;
    }

    @Override
    public List<String> seen() {
        return rig.servers().stream().map(this::text).toList();
    }

    private String text(RigServer server) {
        boolean isUp = up.contains(server.sid);
        boolean looks = isUp && server.phase() == PhaseName.LOOKING;
        Notification now = isUp ? Anatomy.ballot(server) : null;
        return text(now, isUp ? "LOOKING" : "DOWN")
                .with("heard", votes(looks ? Anatomy.votes(server, "inRound") : Map.of()))
                .with("settled", votes(looks ? Anatomy.votes(server, "settled") : Map.of()))
                .toString();
    }

    private String votes(Map<Long, Notification> votes) {
        return Text.sequence(
                bounds.servers().stream()
                        .map(sid -> text(votes.get(sid), "NONE").toString())
                        .toList());
    }

    /**
     * @param otherwise the state if there is none
     */
    private static Text text(@Nullable Notification notification, String otherwise) {
        Text text = new Text();
        if (notification == null) {
            return text.with("state", otherwise).with("round", 0).with("vote", vote(null));
        }
        return text.with("state", notification.state().name())
                .with("round", notification.round())
                .with("vote", vote(notification.vote()));
    }

    /** Observers have no vote of their own, and propose nobody. */
    private static String vote(@Nullable Vote vote) {
        Vote shown = vote == null || vote.leader() < 0 ? NOBODY : vote;
        return new Text()
                .with("leader", shown.leader())
                .with("epoch", shown.peerEpoch())
                .with("zxid", Zxid.counter(shown.zxid()))
                .toString();
    }

    @Override
    public String around() {
        List<String> rows = new ArrayList<>();
        for (long from : bounds.servers()) {
            rows.add(votes(rig.boxOf(from)));
        }
        List<String> known =
                histories.stream()
                        .map(own -> "<" + own.peerEpoch() + "," + own.zxid() + ">")
                        .toList();
        return new Text()
                .with("box", Text.sequence(rows))
                .with("history", Text.sequence(known))
                .toString();
    }

    /** Who leads has a history as new as that of a quorum, and votes are what they seem. */
    @Override
    public void check() {
        for (long sid : up) {
            Notification now = Anatomy.ballot(rig.server(sid));
            Vote vote = now.vote();
            boolean looks = now.state() == Notification.State.LOOKING;
            if (now.state() == Notification.State.LEADING) {
                demand(
                        vote.leader() == sid && bounds.voters().contains(sid),
                        "ElectionTypeOK",
                        sid);
                long behind =
                        bounds.voters().stream()
                                .filter(other -> !isNewer(own(other), own(sid)))
                                .count();
                demand(2 * behind > bounds.voters().size(), "IsElection", sid);
            }
            if (vote.leader() > 0) {
                Vote own = own(vote.leader());
                demand(
                        own.peerEpoch() == vote.peerEpoch()
                                && own.zxid() == Zxid.counter(vote.zxid()),
                        "VoteTruthful",
                        sid);
            }
            if (looks) {
                boolean votes = bounds.voters().contains(sid);
                demand(
                        !votes || own(sid).compareTo(own(vote.leader())) <= 0,
                        "VoteNoWorseThanOwn",
                        sid);
                for (Notification heard : Anatomy.votes(rig.server(sid), "inRound").values()) {
                    demand(heard.round() == now.round(), "TallyIsOfTheRound", sid);
                }
                Long before = rounds.put(sid, now.round());
                demand(before == null || before <= now.round(), "RoundsGrow", sid);
            } else {
                demand(bounds.voters().contains(vote.leader()), "VotersOnlyLead", sid);
                rounds.remove(sid);
            }
        }
    }

    private Vote own(long sid) {
        return histories.get((int) sid - 1);
    }

    private static boolean isNewer(Vote some, Vote other) {
        return some.peerEpoch() > other.peerEpoch()
                || (some.peerEpoch() == other.peerEpoch() && some.zxid() > other.zxid());
    }

    private static void demand(boolean holds, String property, long sid) {
        if (!holds) {
            throw new AssertionError(property + " does not hold of " + sid);
        }
    }
}
