package vivarium.spec;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tlc2.tool.TLCState;

/**
 * Writes down states of ReplayZab, or of a module of its form, and the steps between them. Lines:
 * {@code T text} is the next text, to be known by its number from 0; {@code S n n ... n} the next
 * state, by the texts of its servers and of what is around them; {@code E from to n} a step, by the
 * text of its name; {@code B from n} one that is not gone along, or leaves the bounds.
 */
final class Explorer {
    private static final int CONFIGURATION = 2;
    private static final int FILE = 3;
    private static final int FIRST_FILE = 4;
    private final Model model;
    private final BufferedWriter out;
    private final Map<String, Integer> texts = new HashMap<>();
    private int states;

    private Explorer(Model model, BufferedWriter out) {
        this.model = model;
        this.out = out;
    }

    /**
     * Does one thing.
     *
     * @param arguments what to do, module, configuration, where to write; then, for {@code graph},
     *     nothing; for {@code follow}, files in which TLC has written down behaviours
     */
    static void explore(String[] arguments) throws IOException {
        Model model = new Model(arguments[1], arguments[CONFIGURATION]);
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[FILE]))) {
            Explorer explorer = new Explorer(model, out);
            switch (arguments[0]) {
                case "graph" -> explorer.writeGraph();
                case "follow" -> {
                    List<Path> files =
                            Arrays.stream(arguments).skip(FIRST_FILE).map(Path::of).toList();
                    explorer.follow(files);
                }
                default -> throw new IllegalArgumentException("nothing is called " + arguments[0]);
            }
        }
    }

    /**
     * Behaviours that TLC has found: each is a way of its own from the first state. TLC writes down
     * the states; which step leads from each to the next is found out here.
     */
    private void follow(List<Path> files) throws IOException {
        TLCState first = beginning(written(files.getFirst()).getFirst());
        write(first);
        for (Path file : files) {
            TLCState at = first;
            int from = 0;
            List<String> written = written(file);
            if (!written.getFirst().equals(text(first))) {
                throw new IllegalStateException(file + " begins elsewhere: " + written.getFirst());
            }
            for (String text : written.subList(1, written.size())) {
                List<Model.Step> steps = new ArrayList<>(model.steps(at));
                Model.Step step = leadingTo(text, steps, file);
                if (!step.within()) {
                    // A simulation looks at one state beyond the bounds before it stops.
                    break;
                }
                steps.remove(step);
                writeOthers(from, steps);
                from = write(from, step);
                at = step.after();
            }
            writeOthers(from, model.steps(at));
        }
    }

    private TLCState beginning(String written) {
        for (TLCState state : model.initial()) {
            if (text(state).equals(written)) {
                return state;
            }
        }
        throw new IllegalStateException("nothing begins like " + written);
    }

    /** As TLC writes it down, but without its lines and margins, which take it long. */
    private static String text(TLCState state) {
        StringBuilder text = new StringBuilder();
        state.getVals()
                .forEach(
                        (name, value) -> text.append("/\\").append(name).append('=').append(value));
        return StateText.of(text.toString());
    }

    /** Of several steps to the same state any is right. */
    private static Model.Step leadingTo(String text, List<Model.Step> steps, Path file) {
        for (Model.Step step : steps) {
            if (text(step.after()).equals(text)) {
                return step;
            }
        }
        throw new IllegalStateException(file + ": no step leads to " + text);
    }

    /** The states in a file: below a line that numbers each, up to an empty one. */
    static List<String> written(Path file) throws IOException {
        List<String> states = new ArrayList<>();
        StringBuilder state = null;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("State ") || line.startsWith("STATE_")) {
                state = new StringBuilder();
            } else if (state != null && line.isBlank()) {
                states.add(StateText.of(state.toString()));
                state = null;
            } else if (state != null) {
                state.append(line).append('\n');
            }
        }
        if (states.isEmpty()) {
            throw new IllegalStateException(file + " has no behaviour");
        }
        return states;
    }

    /** What could have been done instead. */
    private void writeOthers(int from, List<Model.Step> steps) throws IOException {
        for (Model.Step step : steps) {
            int name = number(step.name());
            out.write("B " + from + " " + name + "\n");
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
        List<TLCState> initial = model.initial();
        if (initial.size() != 1) {
            throw new IllegalStateException(initial.size() + " initial states");
        }
        TLCState first = initial.getFirst();
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
        line.append(' ').append(number(model.texts().of(model.value("Around", state))));
        out.write(line.append('\n').toString());
        states++;
    }

    private List<String> servers(TLCState state) {
        return model.texts().elements(model.value("Peers", state));
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
