package vivarium.spec;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tlc2.tool.TLCState;
import tlc2.value.impl.TupleValue;

/**
 * Writes down the graph of the states of ReplayZab. Lines: {@code T text} is the next text, to be
 * known by its number from 0; {@code S n n ... n} the next state, by the texts of its servers and
 * of what is around them; {@code E from to n} a step, by the text of its name; {@code B from n} one
 * that leaves the bounds.
 */
public final class Explorer {
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
     * @param arguments module, configuration, where to write
     */
    public static void main(String[] arguments) throws IOException {
        Model model = new Model(arguments[0], arguments[1]);
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[2]))) {
            new Explorer(model, out).writeGraph();
        }
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
