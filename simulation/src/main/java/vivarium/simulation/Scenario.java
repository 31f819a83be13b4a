package vivarium.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    private static final String MISTAKE = "mistake ";

    private Scenario() {}

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
            text.append(MISTAKE).append(options.mistake()).append('\n');
        }
        for (TimedFault fault : plan.faults()) {
            text.append("at ").append(fault.text()).append('\n');
        }
        return text.toString();
    }

    /**
     * Reads a plan.
     *
     * @param place where the text comes from, for people
     */
    public static Plan read(String text, String place) throws MalformedException {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().strip().equals(HEAD)) {
            throw new MalformedException(place, 1, "'" + HEAD + "'");
        }
        TreeMap<String, Long> values = new TreeMap<>();
        List<TimedFault> faults = new ArrayList<>();
        Mistake mistake = Mistake.NONE;
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(MISTAKE)) {
                mistake = mistake(line.substring(MISTAKE.length()).strip(), place, i + 1);
            } else if (line.startsWith("at ")) {
                faults.add(fault(line.substring(3), values, place, i + 1));
            } else {
                value(line, values, place, i + 1);
            }
        }
        for (String key : KEYS) {
            if (!values.containsKey(key)) {
                throw new MalformedException(place, lines.size() + 1, "'" + key + " NUMBER'");
            }
        }
        faults.sort(Comparator.comparingLong(TimedFault::micros));
        Options options =
                new Options(
                        (int) number(values, "servers"),
                        (int) number(values, "observers"),
                        (int) number(values, "clients"),
                        number(values, "faulty-micros"),
                        TimedFault.NAMES,
                        mistake);
        return Swarm.draw(number(values, "seed"), options).with(faults);
    }

    private static long number(Map<String, Long> values, String key) {
        return values.getOrDefault(key, 0L);
    }

    private static Mistake mistake(String name, String place, int line) throws MalformedException {
        for (Mistake mistake : Mistake.values()) {
            if (mistake.name().equals(name)) {
                return mistake;
            }
        }
        throw new MalformedException(place, line, "one of " + List.of(Mistake.values()));
    }

    private static void value(String line, Map<String, Long> values, String place, int number)
            throws MalformedException {
        String[] words = line.split(" +", -1);
        if (words.length != 2 || !KEYS.contains(words[0])) {
            throw new MalformedException(
                    place, number, "'at TIME FAULT NUMBERS' or one of " + KEYS + " and a number");
        }
        long least = words[0].equals("servers") ? 1 : words[0].equals("seed") ? Long.MIN_VALUE : 0;
        long most =
                words[0].equals("seed") || words[0].equals("faulty-micros") ? Long.MAX_VALUE : 99;
        try {
            long value = Long.parseLong(words[1]);
            if (value >= least && value <= most) {
                values.put(words[0], value);
                return;
            }
        } catch (NumberFormatException _) {
            // Told below, with the line.
        }
        throw new MalformedException(
                place, number, "a number from " + least + " to " + most + " behind " + words[0]);
    }

    private static TimedFault fault(String text, Map<String, Long> values, String place, int line)
            throws MalformedException {
        TimedFault fault = TimedFault.parse(text);
        if (fault == null) {
            throw new MalformedException(
                    place,
                    line,
                    "a time in microseconds, one of " + TimedFault.NAMES + ", and its numbers");
        }
        long servers = number(values, "servers") + number(values, "observers");
        for (long sid : fault.fault().servers()) {
            if (sid < 1 || sid > servers) {
                throw new MalformedException(place, line, "a server from 1 to " + servers);
            }
        }
        return fault;
    }
}
