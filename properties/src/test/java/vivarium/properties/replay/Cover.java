package vivarium.properties.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes along every step of a graph with real parts of the core, and compares them with it all the
 * way.
 */
final class Cover {
    private static final int MOST_DIFFERENCES = 20;
    private final StateGraph graph;
    private final Births births;

    /** Whether all steps are known that could be taken. */
    private final boolean whole;

    private final BitSet covered = new BitSet();
    private final List<String> differences = new ArrayList<>();

    /** The step by which the walk came to each state, null where it has not been. */
    private final StateGraph.@Nullable Edge[] into;

    private final int[] before;

    /** States at which the peers were right that had come to them the shortest way. */
    private final BitSet right = new BitSet();

    /** Where all ways begin. */
    @FunctionalInterface
    interface Births {
        Actors begin();
    }

    long steps;
    long walks;

    Cover(StateGraph graph, Births births, boolean whole) {
        this.whole = whole;
        this.graph = graph;
        this.births = births;
        this.into = new StateGraph.@Nullable Edge[graph.size()];
        this.before = new int[graph.size()];
    }

    List<String> differences() {
        return differences;
    }

    int coveredCount() {
        return covered.cardinality();
    }

    /** Until each step has been taken, or there are too many differences. */
    void walkAll() {
        Arrays.fill(before, -1);
        plan();
        for (int state = 0; state < graph.size(); state++) {
            while (isReached(state) && isOpen(state) && differences.size() < MOST_DIFFERENCES) {
                walk(state);
            }
        }
    }

    private boolean isReached(int state) {
        return state == 0 || before[state] >= 0;
    }

    /** The shortest way to each state, breadth first. */
    private void plan() {
        ArrayDeque<Integer> waiting = new ArrayDeque<>(List.of(0));
        while (!waiting.isEmpty()) {
            int from = waiting.remove();
            for (StateGraph.Edge edge : graph.from(from)) {
                if (!isReached(edge.to)) {
                    before[edge.to] = from;
                    into[edge.to] = edge;
                    waiting.add(edge.to);
                }
            }
        }
    }

    private boolean isOpen(int state) {
        for (StateGraph.Edge edge : graph.from(state)) {
            if (!covered.get(edge.number)) {
                return true;
            }
        }
        return false;
    }

    /** To a state, and from there on along steps that nobody has taken. */
    private void walk(int target) {
        walks++;
        ArrayDeque<StateGraph.Edge> way = new ArrayDeque<>();
        for (int at = target; at != 0; at = before[at]) {
            StateGraph.Edge edge = into[at];
            if (edge != null) {
                way.addFirst(edge);
            }
        }
        Actors actors = births.begin();
        List<String> taken = new ArrayList<>();
        int state = 0;
        boolean shortest = true;
        StateGraph.@Nullable Edge next = way.isEmpty() ? fresh(state) : way.remove();
        if (!right.get(state) && !agrees(actors, state, taken)) {
            return;
        }
        while (next != null) {
            covered.set(next.number);
            steps++;
            taken.add(next.step);
            try {
                actors.take(next.step);
            } catch (RuntimeException | AssertionError e) {
                differ(taken, e.toString());
                return;
            }
            state = next.to;
            shortest &= next.equals(into[state]);
            // The same steps lead to the same: nothing is compared twice.
            if (!(shortest && right.get(state)) && !agrees(actors, state, taken)) {
                return;
            }
            right.set(state, shortest || right.get(state));
            next = way.isEmpty() ? fresh(state) : way.remove();
        }
    }

    private StateGraph.@Nullable Edge fresh(int state) {
        for (StateGraph.Edge edge : graph.from(state)) {
            if (!covered.get(edge.number)) {
                return edge;
            }
        }
        return null;
    }

    private boolean agrees(Actors actors, int state, List<String> taken) {
        List<String> seen = actors.seen();
        for (int i = 0; i < seen.size(); i++) {
            String expected = graph.server(state, i);
            if (!seen.get(i).equals(expected)) {
                return differ(taken, (i + 1) + " is " + seen.get(i) + "\n not " + expected);
            }
        }
        String around = actors.around();
        if (!around.equals(graph.around(state))) {
            return differ(taken, around + "\n not " + graph.around(state));
        }
        if (!whole) {
            return true;
        }
        Set<String> enabled = actors.enabled();
        if (!enabled.equals(graph.steps(state))) {
            return differ(taken, "enabled " + enabled + "\n not " + graph.steps(state));
        }
        return true;
    }

    private boolean differ(List<String> taken, String how) {
        differences.add(String.join("; ", taken) + "\n " + how);
        return false;
    }
}
