package vivarium.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.ModelValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;

/**
 * Values as texts, equal ones as equal texts: {@code 7}, {@code TRUE}, {@code text}, {@code <1,2>},
 * {@code [a:1,b:2]} with its fields in order, {@code {1,2}} with its elements in order.
 */
final class ValueText {
    /** The numbers of servers that the model has under names. */
    private final Map<String, String> numbers = new TreeMap<>();

    /**
     * Servers are written as numbers: voters first, each in the order of its name, and none is 0.
     */
    ValueText(Value servers, Value voters, Value none) {
        numbers.put(none.toString(), "0");
        int next = 1;
        for (String name : names(voters)) {
            numbers.put(name, Integer.toString(next++));
        }
        for (String name : names(servers)) {
            if (!numbers.containsKey(name)) {
                numbers.put(name, Integer.toString(next++));
            }
        }
    }

    private static List<String> names(Value set) {
        List<String> names = new ArrayList<>();
        if (set.toSetEnum() instanceof SetEnumValue elements) {
            for (int i = 0; i < elements.elems.size(); i++) {
                names.add(elements.elems.elementAt(i).toString());
            }
        }
        Collections.sort(names);
        return names;
    }

    String of(Value value) {
        return switch (value) {
            case ModelValue server -> number(server);
            case FcnRcdValue function when function.domain != null && isOfServers(function) ->
                    "<" + String.join(",", elements(function)) + ">";
            case IntValue number -> Integer.toString(number.val);
            case BoolValue bool -> bool.val ? "TRUE" : "FALSE";
            case StringValue text -> text.val.toString();
            case RecordValue record -> record(record);
            default -> collection(value);
        };
    }

    private String number(Value server) {
        String number = numbers.get(server.toString());
        if (number == null) {
            throw new IllegalArgumentException("no server: " + server);
        }
        return number;
    }

    private static boolean isOfServers(FcnRcdValue function) {
        return function.domain.length > 0 && function.domain[0] instanceof ModelValue;
    }

    /** Those of a sequence, or of a function of servers, in the order of their numbers. */
    List<String> elements(Value value) {
        if (value instanceof FcnRcdValue function
                && function.domain != null
                && isOfServers(function)) {
            TreeMap<String, String> ordered = new TreeMap<>();
            for (int i = 0; i < function.domain.length; i++) {
                ordered.put(number(function.domain[i]), of(function.values[i]));
            }
            return List.copyOf(ordered.values());
        }
        Value tuple = value.toTuple();
        if (!(tuple instanceof TupleValue known)) {
            throw new IllegalArgumentException("no sequence: " + value);
        }
        return Arrays.stream(known.elems).map(this::of).toList();
    }

    private String record(RecordValue record) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < record.names.length; i++) {
            fields.add(record.names[i] + ":" + of(record.values[i]));
        }
        Collections.sort(fields);
        return "[" + String.join(",", fields) + "]";
    }

    private String collection(Value value) {
        if (value.toTuple() instanceof TupleValue known) {
            return "<" + String.join(",", elements(known)) + ">";
        }
        Value rcd = value.toRcd();
        if (rcd instanceof RecordValue record) {
            return record(record);
        }
        if (value.toSetEnum() instanceof SetEnumValue set) {
            List<String> elements = new ArrayList<>();
            set.normalize();
            for (int i = 0; i < set.elems.size(); i++) {
                elements.add(of(set.elems.elementAt(i)));
            }
            Collections.sort(elements);
            return "{" + String.join(",", elements) + "}";
        }
        throw new IllegalArgumentException("no text for " + value);
    }
}
