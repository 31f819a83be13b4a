package vivarium.properties.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The constants of a configuration of ReplayZab.
 *
 * @param recent how many applied proposals a server keeps
 * @param old how many transactions of the epoch before all servers begin with
 * @param ahead which of them begin with one more
 */
record Bounds(
        List<Long> servers,
        List<Long> voters,
        int maxEpoch,
        int maxTxns,
        int maxCrashes,
        int maxBreaks,
        int maxTasks,
        int recent,
        boolean fresh,
        int old,
        List<Long> ahead) {

    /** What a configuration sets, by name. */
    static Map<String, String> constants(Path configuration) throws IOException {
        Map<String, String> constants = new TreeMap<>();
        for (String line : Files.readAllLines(configuration)) {
            int equals = line.indexOf(" = ");
            if (equals > 0) {
                constants.put(line.substring(0, equals).strip(), line.substring(equals + 3));
            }
        }
        return constants;
    }

    /** Of one of ReplayElection only the servers; nothing else happens there. */
    static Bounds ofElection(Map<String, String> constants) {
        List<String> names = new ArrayList<>(elements(constants.getOrDefault("Voter", "")));
        List<Long> voters = numbers(names, names);
        names.addAll(elements(constants.getOrDefault("Observer", "")));
        int none = 0;
        return new Bounds(
                numbers(names, names),
                voters,
                none,
                none,
                none,
                none,
                none,
                1,
                false,
                none,
                List.of());
    }

    /** Of one of ReplayZab. */
    static Bounds of(Map<String, String> constants) {
        List<String> names = new ArrayList<>(elements(constants.getOrDefault("Voter", "")));
        List<Long> voters = numbers(names, names);
        elements(constants.getOrDefault("Server", "")).stream()
                .filter(name -> !names.contains(name))
                .forEach(names::add);
        return new Bounds(
                numbers(names, names),
                voters,
                number(constants, "MaxEpoch"),
                number(constants, "MaxTxns"),
                number(constants, "MaxCrashes"),
                number(constants, "MaxBreaks"),
                number(constants, "MaxTasks"),
                number(constants, "Recent"),
                constants.getOrDefault("Fresh", "").equals("TRUE"),
                number(constants, "Old"),
                numbers(elements(constants.getOrDefault("Ahead", "")), names));
    }

    /** With how many transactions a server begins. */
    int begins(long sid) {
        return old + (ahead.contains(sid) ? 1 : 0);
    }

    /** How many transactions a log may have at the most. */
    int mostEntries() {
        return maxTxns + old + (ahead.isEmpty() ? 0 : 1);
    }

    static int number(Map<String, String> constants, String name) {
        return Integer.parseInt(constants.getOrDefault(name, "none"));
    }

    static List<String> elements(String set) {
        String inner = set.replaceAll("[{} ]", "");
        return inner.isEmpty() ? List.of() : List.of(inner.split(",", -1));
    }

    /** Servers are known by their places: voters first, from 1. */
    private static List<Long> numbers(List<String> some, List<String> names) {
        return some.stream().map(name -> names.indexOf(name) + 1L).toList();
    }
}
