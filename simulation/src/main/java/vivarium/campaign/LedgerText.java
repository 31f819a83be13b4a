package vivarium.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.Options;
import vivarium.simulation.TimedFault;
import vivarium.simulation.server.Mistake;

/**
 * A ledger as a text: a line for each thing, a word for what it is. The last line says that it is
 * the last, so that a file that was cut is told from a whole one.
 */
final class LedgerText {
    private static final String HEAD = "vivarium campaign 1";
    private static final String END = "end";
    private static final List<String> SETTINGS =
            List.of(
                    "code",
                    "servers",
                    "observers",
                    "clients",
                    "act-micros",
                    "faults",
                    "mistake",
                    "twice",
                    "whole",
                    "own");

    private final String place;
    private final List<String> lines;

    /** The settings, with the numbers of their lines. */
    private final TreeMap<String, String> settings = new TreeMap<>();

    private final TreeMap<String, Integer> lineOf = new TreeMap<>();

    private LedgerText(String text, String place) {
        this.place = place;
        this.lines = text.lines().toList();
    }

    /** The text is none; the message says where, and what was expected there. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String place, int line, String expected) {
            super(place + ":" + line + ": expected " + expected);
        }
    }

    static String write(Ledger ledger) {
        Options options = ledger.task().options();
        List<String> lines = new ArrayList<>();
        lines.add(HEAD);
        lines.add("code " + ledger.code());
        lines.add("servers " + options.servers());
        lines.add("observers " + options.observers());
        lines.add("clients " + options.clients());
        lines.add("act-micros " + options.faultyMicros());
        lines.add("faults " + ledger.task().faults());
        lines.add("mistake " + options.mistake());
        lines.add("twice " + ledger.task().twice());
        lines.add("whole " + ledger.task().whole().text());
        lines.add("own " + ledger.task().own().text());
        for (String name : Ledger.COUNTED) {
            lines.add(name + " " + ledger.number(name));
        }
        for (SeedSet.Range range : ledger.ran().ranges()) {
            lines.add("ran " + range.first() + " " + range.last());
        }
        ledger.marks().forEach((mark, times) -> lines.add("mark " + times + " " + mark));
        for (Failure failure : ledger.failures()) {
            lines.add(
                    "failure "
                            + failure.seed()
                            + " "
                            + failure.invariant()
                            + " "
                            + failure.message());
        }
        lines.add(END);
        return String.join("\n", lines) + "\n";
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param place where the text comes from, for people
     */
    static Ledger read(String text, String place) throws MalformedException {
        return new LedgerText(text, place).read();
    }

    private Ledger read() throws MalformedException {
        demand(!lines.isEmpty() && lines.getFirst().equals(HEAD), 1, "'" + HEAD + "'");
        demand(lines.getLast().equals(END), lines.size(), "'" + END + "' as the last line");
        int line = 2;
        while (line < lines.size() && isSetting(lines.get(line - 1))) {
            String[] words = split(lines.get(line - 1), 2);
            settings.put(words[0], words[1]);
            lineOf.put(words[0], line);
            line++;
        }
        for (String key : SETTINGS) {
            demand(settings.containsKey(key), line, "'" + key + "' and its value");
        }
        Ledger ledger = new Ledger(task(), text("code"));
        for (; line < lines.size(); line++) {
            entry(ledger, lines.get(line - 1), line);
        }
        return ledger;
    }

    private static boolean isSetting(String line) {
        return SETTINGS.contains(split(line, 2)[0]);
    }

    private static String[] split(String line, int parts) {
        String[] words = line.split(" ", parts);
        String[] filled = new String[parts];
        for (int i = 0; i < parts; i++) {
            filled[i] = i < words.length ? words[i] : "";
        }
        return filled;
    }

    private Task task() throws MalformedException {
        List<String> faults =
                text("faults").equals("none") ? List.of() : List.of(text("faults").split(","));
        demand(
                TimedFault.NAMES.containsAll(faults),
                line("faults"),
                "some of " + TimedFault.NAMES + " or none");
        Mistake mistake = mistake(text("mistake"));
        demand(mistake != null, line("mistake"), "one of " + List.of(Mistake.values()));
        String twice = text("twice");
        demand(twice.equals("true") || twice.equals("false"), line("twice"), "true or false");
        Options options =
                new Options(
                        (int) number("servers", 1, 99),
                        (int) number("observers", 0, 99),
                        (int) number("clients", 1, 1_000),
                        number("act-micros", 1, Long.MAX_VALUE),
                        faults,
                        mistake == null ? Mistake.NONE : mistake);
        return new Task(options, twice.equals("true"), seeds("whole"), seeds("own"));
    }

    private static @Nullable Mistake mistake(String name) {
        for (Mistake mistake : Mistake.values()) {
            if (mistake.name().equals(name)) {
                return mistake;
            }
        }
        return null;
    }

    private Seeds seeds(String key) throws MalformedException {
        Seeds seeds = Seeds.parse(text(key));
        if (seeds == null) {
            throw new MalformedException(
                    place, line(key), "the first seed, and how many or 'open'");
        }
        return seeds;
    }

    private String text(String key) {
        return settings.getOrDefault(key, "");
    }

    private int line(String key) {
        return lineOf.getOrDefault(key, 0);
    }

    private long number(String key, long least, long most) throws MalformedException {
        return number(text(key), line(key), least, most);
    }

    private long number(String text, int line, long least, long most) throws MalformedException {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Told below, with the line.
        }
        throw new MalformedException(place, line, "a number from " + least + " to " + most);
    }

    private void entry(Ledger ledger, String text, int line) throws MalformedException {
        String[] words = split(text, 2);
        String rest = words[1];
        switch (words[0]) {
            case "ran" -> {
                String[] ends = split(rest, 2);
                long first = number(ends[0], line, -Seeds.MOST, 2 * Seeds.MOST);
                ledger.ran().add(first, number(ends[1], line, first, 2 * Seeds.MOST));
            }
            case "mark" -> {
                String[] parts = split(rest, 2);
                demand(!parts[1].isEmpty(), line, "a mark behind its number");
                ledger.mark(parts[1], number(parts[0], line, 1, Long.MAX_VALUE));
            }
            case "failure" -> {
                String[] parts = split(rest, 3);
                demand(!parts[1].isEmpty(), line, "a seed, an invariant and a message");
                long seed = number(parts[0], line, -Seeds.MOST, 2 * Seeds.MOST);
                ledger.addFailure(new Failure(seed, parts[1], parts[2]));
            }
            default -> {
                demand(
                        Ledger.COUNTED.contains(words[0]),
                        line,
                        "ran, mark, failure, or one of " + Ledger.COUNTED);
                ledger.count(words[0], number(rest, line, 0, Long.MAX_VALUE));
            }
        }
    }

    private void demand(boolean holds, int line, String expected) throws MalformedException {
        if (!holds) {
            throw new MalformedException(place, line, expected);
        }
    }
}
