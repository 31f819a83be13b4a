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
        boolean fresh) {

    static Bounds read(Path configuration) throws IOException {
        Map<String, String> constants = new TreeMap<>();
        for (String line : Files.readAllLines(configuration)) {
            int equals = line.indexOf(" = ");
            if (equals > 0) {
                constants.put(line.substring(0, equals).strip(), line.substring(equals + 3));
            }
        }
        return new Bounds(
                set(constants.getOrDefault("Server", "")),
                set(constants.getOrDefault("Voter", "")),
                number(constants, "MaxEpoch"),
                number(constants, "MaxTxns"),
                number(constants, "MaxCrashes"),
                number(constants, "MaxBreaks"),
                number(constants, "MaxTasks"),
                number(constants, "Recent"),
                constants.getOrDefault("Fresh", "").equals("TRUE"));
    }

    private static int number(Map<String, String> constants, String name) {
        return Integer.parseInt(constants.getOrDefault(name, "none"));
    }

    private static List<Long> set(String text) {
        List<Long> elements = new ArrayList<>();
        for (String element : text.replaceAll("[{} ]", "").split(",", -1)) {
            elements.add(Long.parseLong(element));
        }
        return elements;
    }
}
