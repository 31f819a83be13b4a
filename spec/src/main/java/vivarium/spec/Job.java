package vivarium.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run of the model checker, with what has to come of it.
 *
 * @param name what it is called
 * @param deep whether it takes too long for every build
 * @param module the module's file, from the folder of the specification
 * @param configuration TLC's configuration, from the same folder
 * @param constants what to set differently from the configuration
 * @param falsified for a planted mistake: the properties of which one must be found broken; none
 *     where all has to hold
 * @param states how many distinct states there were when it was recorded, -1 for not recorded
 * @param depth the longest way to a state, likewise
 */
public record Job(
        String name,
        boolean deep,
        String module,
        String configuration,
        Map<String, String> constants,
        List<String> falsified,
        long states,
        long depth) {

    private static final int COLUMNS = 8;

    /** The constants and properties are copied. */
    public Job {
        constants = Map.copyOf(constants);
        falsified = List.copyOf(falsified);
    }

    /** A run in which everything has to hold, and of which nothing is recorded. */
    public static Job of(String name, String module, String configuration) {
        return new Job(name, false, module, configuration, Map.of(), List.of(), -1, -1);
    }

    /** Whether a mistake was planted, that must be found. */
    public boolean isMutant() {
        return !falsified.isEmpty();
    }

    /** Reads a table; what begins with {@code #} is for people. */
    public static List<Job> readAll(Path file) throws IOException, TableException {
        List<Job> jobs = new ArrayList<>();
        int line = 0;
        for (String text : Files.readAllLines(file)) {
            line++;
            if (!text.isBlank() && !text.startsWith("#")) {
                jobs.add(parse(file, line, text));
            }
        }
        return jobs;
    }

    /**
     * Reads one line of a table: name, build or deep, module, configuration, constants, properties
     * that must break, states, depth; with tabs between them, and {@code -} for nothing.
     *
     * @param file to be named in complaints
     * @throws TableException if it is something else
     */
    public static Job parse(Path file, int line, String text) throws TableException {
        String[] cells = text.split("\t+", -1);
        if (cells.length != COLUMNS) {
            throw new TableException(
                    file, line, COLUMNS + " columns with tabs between them, not " + cells.length);
        }
        if (!cells[1].equals("build") && !cells[1].equals("deep")) {
            throw new TableException(file, line, "'build' or 'deep', not '" + cells[1] + "'");
        }
        return new Job(
                cells[0],
                cells[1].equals("deep"),
                cells[2],
                cells[3],
                constants(file, line, cells[4]),
                cells[5].equals("-") ? List.of() : List.of(cells[5].split(",")),
                number(file, line, cells[6]),
                number(file, line, cells[7]));
    }

    private static Map<String, String> constants(Path file, int line, String cell)
            throws TableException {
        Map<String, String> constants = new TreeMap<>();
        if (cell.equals("-")) {
            return constants;
        }
        for (String pair : cell.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new TableException(file, line, "constants as Name=value;..., not " + cell);
            }
            constants.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return constants;
    }

    private static long number(Path file, int line, String cell) throws TableException {
        if (cell.equals("-")) {
            return -1;
        }
        try {
            return Long.parseLong(cell);
        } catch (NumberFormatException e) {
            throw new TableException(file, line, "a number or '-', not '" + cell + "'", e);
        }
    }
}
