package vivarium.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds properties that may hold for no reason: those that no planted mistake breaks. */
final class Vacuity {
    private static final Set<String> SECTIONS = Set.of("INVARIANTS", "PROPERTIES");

    /** What is asked for with it is that there is a step from each state. */
    static final String NEVER_STUCK = "CHECK_DEADLOCK TRUE";

    private Vacuity() {}

    /**
     * The properties of the given runs that no row has alone, each with its configuration. A row
     * that names several is content when one of them breaks, and so says nothing of the others.
     *
     * @param folder where the configurations are
     */
    static List<String> unbroken(Path folder, List<Job> jobs) throws IOException {
        Set<String> broken = new TreeSet<>();
        Set<String> configurations = new TreeSet<>();
        for (Job job : jobs) {
            configurations.add(job.configuration());
            if (job.falsified().size() == 1) {
                broken.addAll(job.falsified());
            }
        }
        List<String> unbroken = new ArrayList<>();
        for (String configuration : configurations) {
            for (String property : properties(folder.resolve(configuration))) {
                if (!broken.contains(property)) {
                    unbroken.add(
                            configuration + ": no planted mistake breaks " + property + " alone");
                }
            }
        }
        return unbroken;
    }

    /** What a configuration has checked. */
    static List<String> properties(Path configuration) throws IOException {
        List<String> properties = new ArrayList<>();
        boolean listed = false;
        for (String line : Files.readAllLines(configuration)) {
            List<String> words = List.of(line.strip().split("\\s+", -1));
            if (line.equals(NEVER_STUCK)) {
                properties.add(Verdict.NEVER_STUCK);
            }
            if (!line.isBlank() && !Character.isWhitespace(line.charAt(0))) {
                listed = SECTIONS.contains(words.getFirst());
                words = words.subList(1, words.size());
            }
            if (listed) {
                words.stream().filter(word -> !word.isEmpty()).forEach(properties::add);
            }
        }
        return properties;
    }
}
