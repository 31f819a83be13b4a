package vivarium.properties.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The states of a configuration of ReplayZab, or of a module of its form, and the steps between
 * them, as TLC has found them.
 */
final class StateGraph {
    private static final Pattern TYPE = Pattern.compile("\\btype:(\\w+)");

    /** What the core does at once where there is nothing else that the specification could do. */
    private static final List<String> AT_ONCE = List.of("SnapshotBegins", "SettleAtOnce");

    private final List<String> texts = new ArrayList<>();

    /** The texts of each state: of its servers, and of what is around them. */
    private final List<int[]> states = new ArrayList<>();

    private final List<List<Edge>> edges = new ArrayList<>();

    /** From each state, the steps that lead beyond what is known. */
    private final List<List<String>> beyond = new ArrayList<>();

    private int edgeCount;

    /** A step. */
    static final class Edge {
        int number;
        final String step;
        int to;

        Edge(String step, int to) {
            this.step = step;
            this.to = to;
        }
    }

    static StateGraph read(Path file) throws IOException {
        StateGraph graph = new StateGraph();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("T ")) {
                    graph.texts.add(line.substring(2).intern());
                } else if (line.startsWith("S ")) {
                    graph.states.add(numbers(line));
                    graph.edges.add(new ArrayList<>());
                    graph.beyond.add(new ArrayList<>());
                } else if (line.startsWith("B ")) {
                    int[] beyond = numbers(line);
                    graph.beyond.get(beyond[0]).add(graph.texts.get(beyond[1]));
                } else if (line.startsWith("E ")) {
                    int[] edge = numbers(line);
                    String step = graph.texts.get(edge[2]);
                    graph.edges.get(edge[0]).add(new Edge(step, edge[1]));
                }
            }
        }
        graph.contract();
        return graph;
    }

    private static int[] numbers(String line) {
        String[] words = line.split(" ", -1);
        int[] numbers = new int[words.length - 1];
        for (int i = 1; i < words.length; i++) {
            numbers[i - 1] = Integer.parseInt(words[i]);
        }
        return numbers;
    }

    /** What the core does at once is one step with what came before it. */
    private void contract() {
        for (int from = 0; from < edges.size(); from++) {
            boolean passing = isPassing(from);
            for (Edge edge : edges.get(from)) {
                edge.number = passing ? -1 : edgeCount++;
                while (isPassing(edge.to)) {
                    edge.to = edges.get(edge.to).getFirst().to;
                }
            }
        }
    }

    /** Whether the core does not stay in this state. */
    private boolean isPassing(int state) {
        return !edges.get(state).isEmpty()
                && steps(state).stream().allMatch(step -> AT_ONCE.contains(kind(step)));
    }

    private static String kind(String step) {
        return step.split(" ", 2)[0];
    }

    int size() {
        return states.size();
    }

    /** How many steps there are, but for those that are a part of another. */
    int edgeCount() {
        return edgeCount;
    }

    /** How many steps the first way has from the first state to where it ends. */
    int length() {
        int length = 0;
        for (int at = 0; !edges.get(at).isEmpty(); at = edges.get(at).getFirst().to) {
            length++;
        }
        return length;
    }

    List<Edge> from(int state) {
        return edges.get(state);
    }

    Set<String> steps(int state) {
        Set<String> steps = new TreeSet<>(beyond.get(state));
        edges.get(state).forEach(edge -> steps.add(edge.step));
        return steps;
    }

    /** The first words of all steps. */
    Set<String> kinds() {
        Set<String> kinds = new TreeSet<>();
        for (List<Edge> from : edges) {
            from.forEach(edge -> kinds.add(kind(edge.step)));
        }
        return kinds;
    }

    /** The kinds of messages that are on their way in some state. */
    Set<String> messages() {
        Set<String> messages = new TreeSet<>();
        for (int state = 0; state < states.size(); state++) {
            Matcher type = TYPE.matcher(around(state));
            while (type.find()) {
                messages.add(type.group(1));
            }
        }
        return messages;
    }

    /** What a server looks like; they are counted from 0. */
    String server(int state, int index) {
        return texts.get(states.get(state)[index]);
    }

    String around(int state) {
        int[] known = states.get(state);
        return texts.get(known[known.length - 1]);
    }
}
