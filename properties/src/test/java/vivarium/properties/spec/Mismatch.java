package vivarium.properties.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivarium.simulation.Plan;
import vivarium.simulation.Scenario;

/** Where a trace and the specification part, told from what the model checker has printed. */
final class Mismatch {
    private static final Pattern TRACE = Pattern.compile("^/\\\\ trace = (\\d+)");
    private static final Pattern AT = Pattern.compile("^/\\\\ at = (\\d+)");
    private static final int BEFORE = 12;

    private Mismatch() {}

    /** The lines around the one that the specification does not allow, and how to see it again. */
    static String of(List<String> output, List<String> lines, Traces traces) {
        int trace = 0;
        int at = 0;
        int lastState = 0;
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < output.size(); i++) {
            String line = output.get(i);
            if (line.startsWith("Error: ")) {
                said.append(line).append('\n');
            }
            if (line.startsWith("State ")) {
                lastState = i;
            }
            trace = number(TRACE.matcher(line), trace);
            at = number(AT.matcher(line), at);
        }
        if (trace == 0) {
            return said + String.join("\n", output);
        }
        List<String> own = linesOf(lines, trace);
        said.append("trace ").append(trace).append(", line ").append(at);
        Plan plan = traces.planOf(trace);
        said.append(", seed ").append(plan.seed());
        said.append("; replay: simulation/simulate --scenario FILE, where FILE has\n");
        said.append(Scenario.write(plan));
        for (int i = Math.max(0, at - BEFORE); i < Math.min(own.size(), at + 1); i++) {
            said.append(i == at - 1 ? ">> " : "   ").append(own.get(i)).append('\n');
        }
        said.append("the state before it:\n");
        output.subList(lastState, output.size()).forEach(line -> said.append(line).append('\n'));
        return said.toString();
    }

    private static int number(Matcher matcher, int otherwise) {
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    private static List<String> linesOf(List<String> lines, int trace) {
        List<String> own = new ArrayList<>();
        int current = 1;
        for (String line : lines) {
            if (line.isEmpty()) {
                current++;
            } else if (current == trace) {
                own.add(line);
            }
        }
        return own;
    }
}
