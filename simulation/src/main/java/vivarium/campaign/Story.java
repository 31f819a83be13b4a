package vivarium.campaign;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;
import vivarium.simulation.Outcome;
import vivarium.simulation.TimedFault;
import vivarium.simulation.engine.Trace;

/**
 * What happened in a run, told for people: which message arrived as which, what was lost, who was
 * in which phase from when to when, and what went wrong for how long.
 */
final class Story {
    /** More makes a page that browsers are slow with; the last ones are those to look for. */
    static final int MOST_ENTRIES = 60_000;

    private static final int MOST_DETAIL = 400;
    private static final Pattern NUMBER_OF_ZXID = Pattern.compile("(\\w*[zZ]xid\\w*=)(-?\\d+)");
    private static final Pattern TOLD = Pattern.compile("\\b(zxid|epoch|proposal)=([^,\\] ]+)");
    private static final Pattern VOTE =
            Pattern.compile("state=(\\w+), vote=Vote\\[leader=(\\d+), zxid=([^,]+)");

    /**
     * The faults whose last number says how long they last, in microseconds. How long a server is
     * down is not among them: that is seen in its lane.
     */
    private static final List<String> LASTING =
            List.of("pause", "slow-disk", "full-disk", "block", "isolate");

    private final Outcome outcome;
    private final List<Event> events = new ArrayList<>();
    private final List<Arrow> arrows = new ArrayList<>();
    private final TreeMap<Integer, List<Span>> lanes = new TreeMap<>();

    /** What was sent over a way and has not arrived yet, oldest first. */
    private final TreeMap<String, ArrayDeque<Integer>> underWay = new TreeMap<>();

    private final TreeMap<Integer, Long> epochs = new TreeMap<>();
    private long longestMicros;

    /** What events are about, for the filters. */
    enum Group {
        LIFE,
        ELECTION,
        DISCOVERY,
        SYNCHRONIZATION,
        BROADCAST,
        SESSIONS,
        PINGS,
        DISK,
        LINKS,
        CLIENTS
    }

    /**
     * Something that happened.
     *
     * @param place the server, or minus one minus the client
     * @param label a few words
     * @param detail all that is known
     */
    record Event(long micros, int place, Group group, String label, String detail) {}

    /**
     * A message.
     *
     * @param from the event that sent it
     * @param to the event that received it, or one of those below
     * @param target the server it was meant for
     */
    record Arrow(int from, int to, int target) {
        static final int LOST = -1;
        static final int UNDER_WAY = -2;
    }

    /**
     * A server is in a phase.
     *
     * @param phase null while its process does not run
     */
    record Span(long fromMicros, long toMicros, @Nullable PhaseName phase, String label) {}

    /** Something goes wrong for a while. */
    record Trouble(
            long fromMicros, long toMicros, String name, List<Integer> servers, String text) {}

    private Story(Outcome outcome) {
        this.outcome = outcome;
    }

    static Story of(Outcome outcome) {
        Story story = new Story(outcome);
        story.tell();
        return story;
    }

    Outcome outcome() {
        return outcome;
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    /** All messages, in the order in which they were sent. */
    List<Arrow> arrows() {
        return List.copyOf(arrows);
    }

    /** By server, without a gap. */
    Map<Integer, List<Span>> lanes() {
        return new TreeMap<>(lanes);
    }

    /** When what is told begins: the run itself may have begun before. */
    long firstMicros() {
        return outcome.entries().isEmpty() ? 0 : told().getFirst().micros();
    }

    private List<Trace.Entry> told() {
        List<Trace.Entry> entries = outcome.entries();
        return entries.subList(Math.max(0, entries.size() - MOST_ENTRIES), entries.size());
    }

    private void tell() {
        List<Trace.Entry> entries = outcome.entries();
        for (Trace.Entry entry : entries.subList(0, entries.size() - told().size())) {
            // Of what lies before, who was in which phase is all that matters later.
            if (isOfLanes(entry.kind())) {
                add(entry);
            }
        }
        events.clear();
        for (Trace.Entry entry : told()) {
            add(entry);
        }
        for (ArrayDeque<Integer> left : underWay.values()) {
            left.forEach(this::isNowhere);
        }
        for (List<Span> lane : lanes.values()) {
            close(lane, outcome.micros());
        }
    }

    private static boolean isOfLanes(Trace.Kind kind) {
        return kind == Trace.Kind.PHASE
                || kind == Trace.Kind.EPOCH
                || kind == Trace.Kind.START
                || kind == Trace.Kind.DOWN;
    }

    private void add(Trace.Entry entry) {
        int place = (int) entry.place();
        switch (entry.kind()) {
            case PHASE -> enter(entry, place);
            case START -> {
                epochs.put(place, entry.b());
                put(entry, Group.LIFE, "start at " + Zxid.text(entry.a()));
            }
            case DOWN -> {
                span(place, entry.micros(), null, "down");
                put(entry, Group.LIFE, "down");
            }
            case SEND -> send(entry, (int) entry.a(), group(entry.detail()));
            case VOTE -> send(entry, (int) entry.a(), Group.ELECTION);
            case RECEIVE -> receive(entry, (int) entry.a(), entry.detail());
            case STEP -> hear(entry);
            case APPEND -> put(entry, Group.DISK, "append " + Zxid.text(entry.a()));
            case TRUNCATE -> put(entry, Group.DISK, "cut behind " + Zxid.text(entry.a()));
            case FORCED -> put(entry, Group.DISK, "on disk " + Zxid.text(entry.a()));
            case EPOCH -> {
                if (entry.b() == 1) {
                    epochs.put(place, entry.a());
                }
                put(
                        entry,
                        Group.DISK,
                        (entry.b() == 1 ? "save epoch " : "save promise ") + entry.a());
            }
            case SNAPSHOT ->
                    put(
                            entry,
                            Group.DISK,
                            (entry.b() == 1 ? "leader's tree " : "snapshot ")
                                    + Zxid.text(entry.a()));
            case LINK ->
                    put(
                            entry,
                            Group.LINKS,
                            (entry.b() == 1 ? "asks for " : "gives up ") + "link " + entry.a());
            case CLIENT, CALL, RETURN, EVENT, REPLY ->
                    put(
                            entry,
                            Group.CLIENTS,
                            entry.kind().name().toLowerCase(Locale.ROOT)
                                    + " "
                                    + name(entry.detail()));
            case FAULT -> {
                // Told by the plan, which knows how long it lasts.
            }
        }
    }

    private int put(Trace.Entry entry, Group group, String label) {
        String detail = readable(entry.detail());
        String cut =
                detail.length() > MOST_DETAIL ? detail.substring(0, MOST_DETAIL) + "..." : detail;
        events.add(new Event(entry.micros(), (int) entry.place(), group, label, cut));
        return events.size() - 1;
    }

    // ---- phases

    private void enter(Trace.Entry entry, int place) {
        String name = entry.detail().split(" ", 2)[0];
        for (PhaseName phase : PhaseName.values()) {
            if (phase.name().equals(name)) {
                boolean leads = phase == PhaseName.LEADER_BROADCAST;
                String label =
                        leads ? "leads epoch " + epochs.getOrDefault(place, 0L) : words(name);
                span(place, entry.micros(), phase, label);
                put(entry, Group.LIFE, label);
            }
        }
    }

    static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void span(int place, long micros, @Nullable PhaseName phase, String label) {
        List<Span> lane = lanes.computeIfAbsent(place, _ -> new ArrayList<>());
        close(lane, micros);
        lane.add(new Span(micros, Long.MAX_VALUE, phase, label));
    }

    private static void close(List<Span> lane, long micros) {
        if (!lane.isEmpty()) {
            Span last = lane.removeLast();
            lane.add(new Span(last.fromMicros(), micros, last.phase(), last.label()));
        }
    }

    // ---- messages

    private static String way(long from, long to, Group group) {
        return from + ">" + to + (group == Group.ELECTION ? "v" : "");
    }

    private void send(Trace.Entry entry, int to, Group group) {
        int event = put(entry, group, label(entry.detail()));
        arrows.add(new Arrow(event, Arrow.UNDER_WAY, to));
        underWay.computeIfAbsent(way(entry.place(), to, group), _ -> new ArrayDeque<>()).add(event);
    }

    private void receive(Trace.Entry entry, int from, String text) {
        Group group = group(text);
        int event = put(entry, group, label(text));
        arrive(way(from, entry.place(), group), event);
    }

    /**
     * Notifications have no record of their own where they arrive, only the step that takes them.
     */
    private void hear(Trace.Entry entry) {
        String start = "Notified[sid=";
        String detail = entry.detail();
        int comma = detail.indexOf(", notification=");
        if (!detail.startsWith(start) || comma < 0) {
            return;
        }
        int from = Integer.parseInt(detail.substring(start.length(), comma));
        String notification =
                detail.substring(comma + ", notification=".length(), detail.length() - 1);
        var heard =
                new Trace.Entry(
                        entry.micros(),
                        entry.kind(),
                        entry.place(),
                        entry.a(),
                        entry.b(),
                        notification);
        int event = put(heard, Group.ELECTION, label(notification));
        arrive(way(from, entry.place(), Group.ELECTION), event);
    }

    /** What was sent before it over the same way and has not arrived never will. */
    private void arrive(String way, int event) {
        ArrayDeque<Integer> sent = underWay.getOrDefault(way, new ArrayDeque<>());
        String detail = events.get(event).detail();
        if (sent.stream().noneMatch(at -> events.get(at).detail().equals(detail))) {
            return;
        }
        int from = sent.removeFirst();
        while (!events.get(from).detail().equals(detail)) {
            becomes(from, Arrow.LOST);
            from = sent.removeFirst();
        }
        becomes(from, event);
        longestMicros =
                Math.max(longestMicros, events.get(event).micros() - events.get(from).micros());
    }

    private void becomes(int from, int to) {
        int at =
                Collections.binarySearch(
                        arrows, new Arrow(from, to, 0), Comparator.comparingInt(Arrow::from));
        arrows.set(at, new Arrow(from, to, arrows.get(at).target()));
    }

    private void isNowhere(int from) {
        boolean late = outcome.micros() - events.get(from).micros() > longestMicros;
        becomes(from, late ? Arrow.LOST : Arrow.UNDER_WAY);
    }

    private static Group group(String message) {
        return switch (name(message)) {
            case "LearnerInfo", "LeaderInfo", "AckEpoch" -> Group.DISCOVERY;
            case "Propose", "Ack", "Commit", "Inform" -> Group.BROADCAST;
            case "Ping", "Pong" -> Group.PINGS;
            case "Revalidate", "Revalidated", "Request", "SyncRequest", "Synced" -> Group.SESSIONS;
            default -> Group.SYNCHRONIZATION;
        };
    }

    private static String name(String detail) {
        int end = detail.indexOf('[');
        return end < 0 ? detail : detail.substring(0, end);
    }

    private static String label(String message) {
        String text = readable(message);
        Matcher vote = VOTE.matcher(text);
        if (vote.find()) {
            return words(vote.group(1)) + ": " + vote.group(2) + " at " + vote.group(3);
        }
        Matcher told = TOLD.matcher(text);
        return told.find() ? name(text) + " " + told.group(2) : name(text);
    }

    /** With zxids as people write them. */
    private static String readable(String detail) {
        Matcher zxid = NUMBER_OF_ZXID.matcher(detail);
        StringBuilder text = new StringBuilder();
        while (zxid.find()) {
            zxid.appendReplacement(text, zxid.group(1) + Zxid.text(Long.parseLong(zxid.group(2))));
        }
        return zxid.appendTail(text).toString();
    }

    // ---- what goes wrong

    /** The faults of the plan that happened while it is told. */
    List<Trouble> troubles() {
        List<Trouble> troubles = new ArrayList<>();
        for (TimedFault timed : outcome.plan().faults()) {
            String name = timed.fault().name();
            long[] numbers = timed.fault().numbers();
            long lasts = LASTING.contains(name) ? numbers[numbers.length - 1] : 0;
            if (timed.micros() <= outcome.micros() && timed.micros() + lasts >= firstMicros()) {
                List<Integer> servers = new ArrayList<>();
                for (long sid : timed.fault().servers()) {
                    servers.add((int) sid);
                }
                troubles.add(
                        new Trouble(
                                timed.micros(),
                                timed.micros() + lasts,
                                name,
                                servers,
                                timed.text()));
            }
        }
        return troubles;
    }
}
