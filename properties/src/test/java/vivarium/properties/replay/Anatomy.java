package vivarium.properties.replay;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Sketch;
import vivarium.core.election.Election;
import vivarium.core.election.Notification;
import vivarium.core.txn.Proposal;

/**
 * All that the specification says of a server, read off the peer itself, as the module's Seen has
 * it. What the peer keeps to itself is read all the same: a field that has gone fails by its name.
 */
final class Anatomy {
    private static final Map<Class<?>, Map<String, Field>> KNOWN = new HashMap<>();

    private Anatomy() {}

    /** The field of that name. */
    private static Object get(Object owner, String name) {
        Object value = find(owner, name);
        if (value == null) {
            throw new AssertionError(owner.getClass().getSimpleName() + "." + name + " is null");
        }
        return value;
    }

    private static @Nullable Object find(Object owner, String name) {
        try {
            Map<String, Field> fields =
                    KNOWN.computeIfAbsent(owner.getClass(), _ -> new HashMap<>());
            Field field = fields.get(name);
            if (field == null) {
                field = owner.getClass().getDeclaredField(name);
                field.setAccessible(true);
                fields.put(name, field);
            }
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the core has no longer what the specification speaks of", e);
        }
    }

    private static long number(Object owner, String name) {
        return ((Number) get(owner, name)).longValue();
    }

    private static boolean is(Object owner, String name) {
        return (Boolean) get(owner, name);
    }

    /** Of a server. */
    static String of(RigServer server, Bounds bounds) {
        Peer peer = server.peer();
        RigDisk disk = server.disk;
        Sketch sketch = peer.sketch();
        Object self = get(peer, "self");
        Object history = get(self, "history");
        Collection<?> recent = (Collection<?>) get(history, "recent");
        long base = number(history, "baseZxid");
        long applied =
                recent.isEmpty() ? base : ((Proposal) ((ArrayDeque<?>) recent).getLast()).zxid();
        Object snapshots = get(self, "snapshots");
        boolean installing = find(snapshots, "installing") != null;
        Text text =
                new Text()
                        .with("phase", sketch.phase().name())
                        .with("log", Entry.text(disk.log))
                        .with("mark", Text.scaled(disk.mark))
                        .with("shown", Text.scaled(sketch.shownZxid()))
                        .with("accepted", sketch.acceptedEpoch())
                        .with("diskAccepted", sketch.savedAcceptedEpoch())
                        .with("promisedTo", Math.max(0, number(self, "promisedTo")))
                        .with("current", sketch.currentEpoch())
                        .with(
                                "tasks",
                                Text.sequence(disk.tasks.stream().map(RigDisk.Task::text).toList()))
                        .with("cut", disk.cut < 0 ? -1 : Text.scaled(disk.cut))
                        .with("installing", installing)
                        .with("snapshot", sketch.hasSnapshot())
                        .with("taking", number(snapshots, "takingZxid") >= 0 && !installing)
                        .with("baseZxid", Text.scaled(base))
                        .with("logged", Text.scaled(sketch.lastLoggedZxid()))
                        .with("safe", Text.scaled(sketch.durableZxid()))
                        .with("appliedTo", Text.scaled(applied));
        addPhase(sketch, get(peer, "phase"), disk, bounds, text);
        return text.toString();
    }

    private static void addPhase(
            Sketch sketch, Object phase, RigDisk disk, Bounds bounds, Text text) {
        switch (sketch.phase()) {
            case LOOKING -> {}
            case LEADER_DISCOVERY -> addDiscovery(phase, bounds, text);
            case LEADER_SYNCHRONIZATION -> {
                Object learners = get(phase, "learners");
                Collection<?> promised = (Collection<?>) get(get(learners, "promises"), "promised");
                boolean byAll = promised.containsAll(bounds.voters());
                text.with("epoch", number(phase, "epoch"))
                        .with("promised", Text.set(byAll ? promised : List.of()))
                        .with("saving", is(phase, "savingEpoch"))
                        .with("table", table(learners, bounds));
            }
            case LEADER_BROADCAST ->
                    text.with("epoch", number(phase, "epoch"))
                            .with("table", table(get(phase, "learners"), bounds));
            case LEARNER_DISCOVERY ->
                    text.with("leader", sketch.leader())
                            .with("epoch", Math.max(0, number(phase, "asked")))
                            .with("acknowledged", is(phase, "acknowledged"));
            case LEARNER_SYNCHRONIZATION -> {
                boolean complete = is(phase, "complete");
                text.with("leader", sketch.leader())
                        .with("epoch", number(phase, "epoch"))
                        .with("saving", is(phase, "savingEpoch"))
                        .with("receiving", find(phase, "receiving") != null)
                        .with("complete", complete)
                        .with("completeTo", complete ? disk.upTo(number(phase, "completeZxid")) : 0)
                        .with("acknowledged", is(phase, "acknowledged"))
                        .with("upToDate", is(phase, "upToDate"))
                        .with("servable", Text.scaled(number(phase, "servableZxid")))
                        .with("owed", owed(phase));
            }
            case LEARNER_BROADCAST ->
                    text.with("leader", sketch.leader())
                            .with("epoch", number(phase, "epoch"))
                            .with("owed", owed(phase));
        }
    }

    private static void addDiscovery(Object phase, Bounds bounds, Text text) {
        Object learners = get(phase, "learners");
        long epoch = number(phase, "epoch");
        boolean chosen = epoch >= 0;
        text.with("epoch", Math.max(0, epoch))
                .with(
                        "promised",
                        Text.set((Collection<?>) get(get(learners, "promises"), "promised")))
                .with(
                        "remembering",
                        Text.set((Collection<?>) get(get(learners, "promises"), "remembering")))
                .with("heard", Text.set(chosen ? List.of() : (Collection<?>) get(phase, "heardOf")))
                .with("newest", chosen ? 0 : number(phase, "newestAccepted"))
                .with("asking", is(phase, "asking"))
                .with("table", table(learners, bounds));
    }

    private static String owed(Object phase) {
        List<String> owed = new ArrayList<>();
        for (Object zxid : (Collection<?>) get(get(phase, "acknowledgements"), "owed")) {
            owed.add(Long.toString(Text.scaled((Long) zxid)));
        }
        return Text.sequence(owed);
    }

    private static String table(Object learners, Bounds bounds) {
        Map<?, ?> known = (Map<?, ?>) get(learners, "learners");
        List<String> rows = new ArrayList<>();
        for (long sid : bounds.servers()) {
            Object learner = known.get(sid);
            rows.add(learner == null ? row("NONE", 0, false, false, 0) : rowOf(learner));
        }
        return Text.sequence(rows);
    }

    private static String rowOf(Object learner) {
        long last = number(learner, "lastZxid");
        boolean remembers = is(learner, "remembers");
        long acked = number(learner, "ackedZxid");
        String stage = get(learner, "stage").toString();
        return switch (stage) {
            case "GREETED" -> row(stage, 0, false, false, 0);
            case "PROMISED" -> row(stage, last, remembers, is(learner, "patient"), 0);
            case "WAITING_FOR_LOG", "WAITING_FOR_SNAPSHOT" ->
                    row("WAITING", last, remembers, false, 0);
            case "LOG", "SNAPSHOT", "SYNCING" -> row("SYNCING", 0, false, false, acked);
            default -> row(stage, 0, false, false, acked);
        };
    }

    private static String row(
            String stage, long last, boolean remembers, boolean patient, long acked) {
        return new Text()
                .with("stage", stage)
                .with("last", Text.scaled(last))
                .with("remembers", remembers)
                .with("patient", patient)
                .with("acked", Text.scaled(acked))
                .toString();
    }

    /** The stage of a learner at its leader, as the core calls it; empty if it is not known. */
    static String stage(RigServer leader, long learner) {
        Object learners = get(get(leader.peer(), "phase"), "learners");
        Object known = ((Map<?, ?>) get(learners, "learners")).get(learner);
        return known == null ? "" : get(known, "stage").toString();
    }

    /** What a server tells others who look for a leader. */
    static Notification ballot(RigServer server) {
        return server.phase() == PhaseName.LOOKING
                ? ((Election) get(get(server.peer(), "phase"), "election")).notification()
                : (Notification) get(get(server.peer(), "self"), "ballot");
    }

    /**
     * Whether one that looks for a leader has a quorum behind its vote, and waits for a better one.
     */
    static boolean isLikely(RigServer server) {
        return find(get(server.peer(), "phase"), "likely") != null;
    }

    /** The votes that one has heard that looks for a leader. */
    static Map<Long, Notification> votes(RigServer server, String tally) {
        Object election = get(get(server.peer(), "phase"), "election");
        Map<Long, Notification> votes = new TreeMap<>();
        ((Map<?, ?>) get(get(election, tally), "votes"))
                .forEach((sid, vote) -> votes.put((Long) sid, (Notification) vote));
        return votes;
    }

    /** Whom a server follows. */
    static long leader(RigServer server) {
        return server.phase() == PhaseName.LOOKING ? 0 : server.peer().sketch().leader();
    }
}
