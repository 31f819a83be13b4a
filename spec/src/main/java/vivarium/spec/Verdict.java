package vivarium.spec;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the model checker has said of one run.
 *
 * @param broken the property that does not hold, null if all do
 * @param trouble why there is no verdict, null if there is one
 * @param states how many distinct states it has seen
 * @param depth how long the longest of the shortest ways to a state is
 * @param millis how long it took
 */
public record Verdict(
        @Nullable String broken, @Nullable String trouble, long states, long depth, long millis) {
    /** What a configuration asks for that has {@code CHECK_DEADLOCK TRUE}. */
    static final String NEVER_STUCK = "NeverStuck";

    private static final Pattern STATES = Pattern.compile("([\\d,]+) distinct states found");
    private static final Pattern DEPTH = Pattern.compile("graph search is (\\d+)");
    private static final Pattern BROKEN =
            Pattern.compile("Error: (?:Invariant|Action property|Property) (\\w+) is violated");
    private static final Pattern BROKEN_STEP =
            Pattern.compile("Error: Action property line .* of module (\\w+) is violated");
    private static final Pattern TEMPORAL =
            Pattern.compile("Error: Temporal properties were violated");
    private static final Pattern NO_MEMORY =
            Pattern.compile(
                    "ran out of memory|OutOfMemoryError|Could not reserve enough space"
                            + "|insufficient memory for the Java Runtime");

    /** What a process ends with that was interrupted, killed, or asked to end. */
    private static final Set<Integer> KILLED = Set.of(130, 137, 143);

    private static final Pattern TROUBLE = Pattern.compile("^Error: (.*)");

    /** Reads it from what the checker has printed. */
    public static Verdict of(List<String> output, int exitCode, long millis) {
        long states = 0;
        long depth = 0;
        String broken = null;
        String trouble = null;
        for (String line : output) {
            Matcher found = STATES.matcher(line);
            if (found.find()) {
                states = Long.parseLong(found.group(1).replace(",", ""));
            }
            found = DEPTH.matcher(line);
            if (found.find()) {
                depth = Long.parseLong(found.group(1));
            }
            if (broken == null) {
                broken = broken(line);
            }
            found = TROUBLE.matcher(line);
            if (trouble == null && found.find()) {
                trouble = found.group(1);
            }
        }
        if (broken != null) {
            return new Verdict(broken, null, states, depth, millis);
        }
        if (output.stream().anyMatch(NO_MEMORY.asPredicate())) {
            trouble = "too little memory: run it on a machine with more, or with fewer --jobs";
        } else if (KILLED.contains(exitCode)) {
            trouble = "it was killed: run it again, and what is deep goes on from its checkpoint";
        }
        if (trouble == null && states == 0) {
            trouble = "there is no state to begin with";
        }
        boolean completed = output.contains("Model checking completed. No error has been found.");
        if (trouble == null && (!completed || exitCode != 0)) {
            trouble = "it ended with exit code " + exitCode + " and without a verdict";
        }
        return new Verdict(null, trouble, states, depth, millis);
    }

    private static @Nullable String broken(String line) {
        Matcher found = BROKEN.matcher(line);
        if (found.find()) {
            return found.group(1);
        }
        found = BROKEN_STEP.matcher(line);
        if (found.find()) {
            // TLC names the place only; the module's name is enough to tell which one is meant.
            return "step:" + found.group(1);
        }
        if (line.equals("Error: Deadlock reached.")) {
            return NEVER_STUCK;
        }
        return TEMPORAL.matcher(line).find() ? "liveness" : null;
    }

    /** What is wrong with it, in a few words; null if it is what has to come of the run. */
    public @Nullable String complaint(Job job) {
        if (trouble != null) {
            return "no verdict: " + trouble;
        }
        if (job.isMutant()) {
            if (broken == null) {
                return "the planted mistake was not found; expected "
                        + String.join(" or ", job.falsified());
            }
            // Of refinements and of liveness TLC tells no name; but only what the row names was
            // looked at.
            boolean unnamed = broken.startsWith("step:") || broken.equals("liveness");
            return unnamed || job.falsified().contains(broken)
                    ? null
                    : broken + " broke; expected " + String.join(" or ", job.falsified());
        }
        if (broken != null) {
            return broken + " does not hold";
        }
        if (job.states() >= 0 && (job.states() != states || job.depth() != depth)) {
            return "recorded are "
                    + job.states()
                    + " states and depth "
                    + job.depth()
                    + ", not "
                    + states
                    + " and "
                    + depth
                    + ": if the change is meant, put the new numbers into the table";
        }
        return null;
    }
}
