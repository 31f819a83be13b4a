package vivarium.spec;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.TupleValue;

/**
 * Writes down states of ReplayZab, and the steps between them. Lines: {@code T text} is the next
 * text, to be known by its number from 0; {@code S n n ... n} the next state, by the texts of its
 * servers and of what is around them; {@code E from to n} a step, by the text of its name; {@code B
 * from n} one that is not gone along, or leaves the bounds; {@code X name} the property that the
 * last state breaks.
 */
public final class Explorer {
    private static final int CONFIGURATION = 2;
    private static final int FILE = 3;
    private static final int FIRST_NUMBER = 4;
    private final Model model;
    private final BufferedWriter out;
    private final Map<String, Integer> texts = new HashMap<>();
    private int states;

    private Explorer(Model model, BufferedWriter out) {
        this.model = model;
        this.out = out;
    }

    /**
     * Runs by itself.
     *
     * @param arguments what to do, module, configuration, where to write; then, for {@code graph},
     *     nothing; for {@code walks}, how many, how long, and a seed; for {@code break}, after how
     *     many states to give up
     */
    public static void main(String[] arguments) throws IOException {
        Model model = new Model(arguments[1], arguments[CONFIGURATION]);
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[FILE]))) {
            Explorer explorer = new Explorer(model, out);
            List<Integer> numbers =
                    Arrays.stream(arguments).skip(FIRST_NUMBER).map(Integer::valueOf).toList();
            switch (arguments[0]) {
                case "graph" -> explorer.writeGraph();
                case "walks" ->
                        explorer.writeWalks(numbers.getFirst(), numbers.get(1), numbers.getLast());
                case "break" -> explorer.writeBreak(numbers.getFirst());
                default -> throw new IllegalArgumentException("nothing is called " + arguments[0]);
            }
        }
    }

    /** Behaviours that TLC allows, by chance: each is a way of its own from the first state. */
    private void writeWalks(int count, int length, int seed) throws IOException {
        TLCState first = model.initial();
        write(first);
        SplittableRandom random = new SplittableRandom(seed);
        for (int walk = 0; walk < count; walk++) {
            TLCState at = first;
            int from = 0;
            for (int i = 0; i <= length; i++) {
                List<Model.Step> steps = new ArrayList<>(model.steps(at));
                List<Model.Step> within = steps.stream().filter(Model.Step::within).toList();
                if (i < length && !within.isEmpty()) {
                    Model.Step step = within.get(random.nextInt(within.size()));
                    steps.remove(step);
                    writeOthers(from, steps);
                    from = write(from, step);
                    at = step.after();
                } else {
                    writeOthers(from, steps);
                    break;
                }
            }
        }
    }

    /** What could have been done instead. */
    private void writeOthers(int from, List<Model.Step> steps) throws IOException {
        for (Model.Step step : steps) {
            int name = number(step.name());
            out.write("B " + from + " " + name + "\n");
        }
    }

    /** The shortest way to where a property breaks, and which one; nothing if none is found. */
    private void writeBreak(int most) throws IOException {
        record Reached(TLCState state, @Nullable Reached before, String step) {}
        Set<Long> known = new HashSet<>();
        ArrayDeque<Reached> waiting = new ArrayDeque<>();
        TLCState first = model.initial();
        known.add(first.fingerPrint());
        waiting.add(new Reached(first, null, ""));
        while (!waiting.isEmpty() && known.size() < most) {
            Reached reached = waiting.remove();
            for (Model.Step step : model.steps(reached.state())) {
                if (!step.within() || !known.add(step.after().fingerPrint())) {
                    continue;
                }
                Reached next = new Reached(step.after(), reached, step.name());
                String broken = model.broken(reached.state(), step.after());
                waiting.add(next);
                if (broken != null) {
                    ArrayDeque<Reached> way = new ArrayDeque<>();
                    for (Reached at = next; at != null; at = at.before()) {
                        way.addFirst(at);
                    }
                    write(way.remove().state());
                    int from = 0;
                    for (Reached at : way) {
                        from = write(from, new Model.Step(at.step(), at.state(), true));
                    }
                    out.write("X " + broken + "\n");
                    return;
                }
            }
        }
    }

    /** A step to a state that is written for it alone; the state's number. */
    private int write(int from, Model.Step step) throws IOException {
        int name = number(step.name());
        write(step.after());
        out.write("E " + from + " " + (states - 1) + " " + name + "\n");
        return states - 1;
    }

    private void writeGraph() throws IOException {
        Map<Long, Integer> known = new HashMap<>();
        ArrayDeque<TLCState> waiting = new ArrayDeque<>();
        TLCState first = model.initial();
        known.put(first.fingerPrint(), 0);
        waiting.add(first);
        write(first);
        for (int from = 0; !waiting.isEmpty(); from++) {
            for (Model.Step step : model.steps(waiting.remove())) {
                int name = number(step.name());
                if (!step.within()) {
                    out.write("B " + from + " " + name + "\n");
                    continue;
                }
                long print = step.after().fingerPrint();
                Integer to = known.get(print);
                if (to == null) {
                    to = states;
                    known.put(print, to);
                    waiting.add(step.after());
                    write(step.after());
                }
                out.write("E " + from + " " + to + " " + name + "\n");
            }
        }
    }

    private void write(TLCState state) throws IOException {
        StringBuilder line = new StringBuilder("S");
        for (String text : servers(state)) {
            line.append(' ').append(number(text));
        }
        line.append(' ').append(number(ValueText.of(model.value("Around", state))));
        out.write(line.append('\n').toString());
        states++;
    }

    private List<String> servers(TLCState state) {
        TupleValue all = (TupleValue) model.value("Peers", state).toTuple();
        return Arrays.stream(all.elems).map(ValueText::of).toList();
    }

    private int number(String text) throws IOException {
        Integer known = texts.get(text);
        if (known != null) {
            return known;
        }
        texts.put(text, texts.size());
        out.write("T " + text + "\n");
        return texts.size() - 1;
    }
}
