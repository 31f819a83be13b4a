package vivarium.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tlc2.overrides.TLAPlusOperator;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * Gives TLC the traces in the file that the property {@code trace.file} names. A line is an action
 * with its parameters and how the server was after it; traces are apart by empty lines.
 */
public final class TraceReader {
    /** The fields of a line, in order. */
    static final List<String> FIELDS =
            List.of(
                    "act",
                    "s",
                    "t",
                    "n",
                    "phase",
                    "leader",
                    "accepted",
                    "saved",
                    "current",
                    "logged",
                    "durable",
                    "shown",
                    "snapshot");

    private static final int FIRST_TEXT = 0;
    private static final int SECOND_TEXT = 4;
    private static @Nullable Value read;

    private TraceReader() {}

    /** All traces; read once, since TLC asks for them at every step. */
    @TLAPlusOperator(identifier = "ReadTraces", module = "TraceIO")
    public static synchronized Value readTraces() {
        Value known = read;
        if (known == null) {
            known = parse(Path.of(System.getProperty("trace.file", "traces.txt")));
            read = known;
        }
        return known;
    }

    private static Value parse(Path file) {
        List<Value> traces = new ArrayList<>();
        List<Value> lines = new ArrayList<>();
        try {
            int number = 0;
            for (String text : Files.readAllLines(file)) {
                number++;
                if (!text.isEmpty()) {
                    lines.add(line(file, number, text));
                } else if (!lines.isEmpty()) {
                    traces.add(tuple(lines));
                    lines.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("traces can't be read: " + e.getMessage(), e);
        }
        if (!lines.isEmpty()) {
            traces.add(tuple(lines));
        }
        Value all = tuple(traces);
        all.deepNormalize();
        return all;
    }

    private static Value tuple(List<Value> elements) {
        return new TupleValue(elements.toArray(new Value[0]));
    }

    private static Value line(Path file, int number, String text) {
        String[] cells = text.split(" ", -1);
        if (cells.length != FIELDS.size()) {
            throw new IllegalArgumentException(
                    file + ":" + number + ": expected " + FIELDS.size() + " fields: " + FIELDS);
        }
        UniqueString[] names = new UniqueString[cells.length];
        Value[] values = new Value[cells.length];
        for (int i = 0; i < cells.length; i++) {
            names[i] = UniqueString.uniqueStringOf(FIELDS.get(i));
            values[i] = value(i, cells[i]);
        }
        return new RecordValue(names, values, false);
    }

    private static Value value(int field, String cell) {
        if (field == FIRST_TEXT || field == SECOND_TEXT) {
            return new StringValue(cell);
        }
        if (field == FIELDS.size() - 1) {
            return cell.equals("1") ? BoolValue.ValTrue : BoolValue.ValFalse;
        }
        return IntValue.gen(Integer.parseInt(cell));
    }
}
