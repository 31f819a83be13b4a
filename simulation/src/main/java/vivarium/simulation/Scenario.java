package vivarium.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import vivarium.simulation.server.Mistake;

/**
 * A plan as a text that people can read, change and keep: what is drawn from the seed is named by
 * the seed, the faults stand there one by one.
 */
public final class Scenario {
    private static final String HEAD = "vivarium scenario 1";
    private static final List<String> KEYS =
            List.of("seed", "servers", "observers", "clients", "faulty-micros");

    private static final String AT = "at";
    private static final String SILENT = "silent";
    private static final String MISTAKE = "mistake";
    private static final int MOST_LINES = 1_000_000;
    private static final long MOST_SERVERS = 99;
    private static final long MOST_CLIENTS = 1_000;

    /** More than thirty years. */
    private static final long MOST_MICROS = 1_000_000_000_000_000L;

    private final String place;
    private final TreeMap<String, Long> values = new TreeMap<>();
    private final List<TimedFault> faults = new ArrayList<>();
    private final List<Silence> silences = new ArrayList<>();
    private Mistake mistake = Mistake.NONE;

    private Scenario(String place) {
        this.place = place;
    }

    /** The text is no scenario; the message says where, and what was expected there. */
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String place, int line, String expected) {
            super(place + ":" + line + ": expected " + expected);
        }
    }

    /** The text of a plan. */
    public static String write(Plan plan) {
        Options options = plan.options();
        StringBuilder text = new StringBuilder();
        text.append(HEAD).append('\n');
        text.append("seed ").append(plan.seed()).append('\n');
        text.append("servers ").append(options.servers()).append('\n');
        text.append("observers ").append(options.observers()).append('\n');
        text.append("clients ").append(options.clients()).append('\n');
        text.append("faulty-micros ").append(options.faultyMicros()).append('\n');
        if (options.mistake() != Mistake.NONE) {
            text.append(MISTAKE).append(' ').append(options.mistake()).append('\n');
        }
        for (TimedFault fault : plan.faults()) {
            text.append("at ").append(fault.text()).append('\n');
        }
        for (Silence silence : plan.silences()) {
            text.append(SILENT + " ").append(silence.client());
            text.append(' ').append(silence.first()).append(' ').append(silence.last());
            text.append('\n');
        }
        return text.toString();
    }

    /**
     * Reads a plan.
     *
     * @param place where the text comes from, for people
     */
    public static Plan read(String text, String place) throws MalformedException {
        return new Scenario(place).read(text);
    }

    private Plan read(String text) throws MalformedException {
        List<String> lines = text.lines().limit(MOST_LINES + 1).toList();
        demand(lines.size() <= MOST_LINES, lines.size(), "at most " + MOST_LINES + " lines");
        demand(!lines.isEmpty() && lines.getFirst().strip().equals(HEAD), 1, "'" + HEAD + "'");
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                read(line.split(" +", -1), i + 1);
            }
        }
        for (String key : KEYS) {
            demand(values.containsKey(key), lines.size() + 1, "'" + key + " NUMBER'");
        }
        faults.sort(Comparator.comparingLong(TimedFault::micros));
        Options options =
                new Options(
                        (int) number("servers"),
                        (int) number("observers"),
                        (int) number("clients"),
                        number("faulty-micros"),
                        TimedFault.NAMES,
                        mistake);
        return Swarm.draw(number("seed"), options).with(faults).withSilences(silences);
    }

    private void read(String[] words, int line) throws MalformedException {
        switch (words[0]) {
            case AT -> faults.add(fault(words, line));
            case SILENT -> silences.add(silence(words, line));
            case MISTAKE -> mistake = mistake(words, line);
            default -> value(words, line);
        }
    }

    private void demand(boolean holds, int line, String expected) throws MalformedException {
        if (!holds) {
            throw new MalformedException(place, line, expected);
        }
    }

    private long number(String key) {
        return values.getOrDefault(key, 0L);
    }

    private long number(String text, int line, long least, long most, String what)
            throws MalformedException {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Told below, with the line.
        }
        throw new MalformedException(
                place, line, "a number from " + least + " to " + most + " as " + what);
    }

    private Mistake mistake(String[] words, int line) throws MalformedException {
        for (Mistake known : Mistake.values()) {
            if (words.length == 2 && known.name().equals(words[1])) {
                return known;
            }
        }
        throw new MalformedException(place, line, "one of " + List.of(Mistake.values()));
    }

    private void value(String[] words, int line) throws MalformedException {
        String key = words[0];
        demand(
                words.length == 2 && KEYS.contains(key),
                line,
                "'at TIME FAULT NUMBERS', 'silent CLIENT FIRST LAST' or one of "
                        + KEYS
                        + " and a number");
        demand(!values.containsKey(key), line, key + " only once");
        switch (key) {
            case "seed" -> put(words, line, Long.MIN_VALUE, Long.MAX_VALUE);
            case "faulty-micros" -> put(words, line, 0, MOST_MICROS);
            case "clients" -> put(words, line, 0, MOST_CLIENTS);
            case "servers" -> put(words, line, 1, MOST_SERVERS);
            default -> put(words, line, 0, MOST_SERVERS);
        }
    }

    private void put(String[] words, int line, long least, long most) throws MalformedException {
        values.put(words[0], number(words[1], line, least, most, words[0]));
    }

    private Silence silence(String[] words, int line) throws MalformedException {
        demand(words.length == 4, line, "'silent CLIENT FIRST LAST'");
        demand(values.containsKey("clients"), line, "'clients NUMBER' above what they keep silent");
        long client = number(words[1], line, 0, number("clients") - 1, "the client");
        long first = number(words[2], line, 0, MOST_MICROS, "the first idea");
        return new Silence(client, first, number(words[3], line, first, MOST_MICROS, "the last"));
    }

    private TimedFault fault(String[] words, int line) throws MalformedException {
        demand(
                words.length >= 3 && TimedFault.NAMES.contains(words[2]),
                line,
                "'at', a time in microseconds, and one of " + TimedFault.NAMES);
        number(words[1], line, 0, MOST_MICROS, "the time");
        String[] behind = Arrays.copyOfRange(words, 1, words.length);
        TimedFault fault = TimedFault.parse(String.join(" ", behind));
        if (fault == null) {
            throw new MalformedException(place, line, "the numbers of " + form(words[2]));
        }
        demand(
                values.containsKey("servers") && values.containsKey("observers"),
                line,
                "'servers NUMBER' and 'observers NUMBER' above the faults");
        long servers = number("servers") + number("observers");
        for (long sid : fault.fault().servers()) {
            demand(sid >= 1 && sid <= servers, line, "a server from 1 to " + servers);
        }
        for (long number : fault.fault().numbers()) {
            boolean mayBeNegative = fault.fault() instanceof Fault.ClockJump;
            demand(
                    Math.abs(number) <= MOST_MICROS && (number >= 0 || mayBeNegative),
                    line,
                    "numbers from 0 to " + MOST_MICROS + " behind " + words[2]);
        }
        return fault;
    }

    /** How a fault is written. */
    private static String form(String name) {
        return switch (name) {
            case "kill", "power-cut", "pause", "full-disk", "isolate" -> name + " SERVER MICROS";
            case "slow-disk" -> name + " SERVER FACTOR MICROS";
            case "failed-force" -> name + " SERVER";
            case "block" -> name + " FROM TO MICROS";
            case "slow-link" -> name + " FROM TO FACTOR";
            case "reset" -> name + " SERVER SERVER";
            case "clock-jump" -> name + " SERVER MILLIS";
            default -> name;
        };
    }
}
