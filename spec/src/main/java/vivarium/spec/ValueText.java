package vivarium.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
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
    private ValueText() {}

    static String of(Value value) {
        return switch (value) {
            case IntValue number -> Integer.toString(number.val);
            case BoolValue bool -> bool.val ? "TRUE" : "FALSE";
            case StringValue text -> text.val.toString();
            case RecordValue record -> record(record);
            default -> collection(value);
        };
    }

    private static String record(RecordValue record) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < record.names.length; i++) {
            fields.add(record.names[i] + ":" + of(record.values[i]));
        }
        Collections.sort(fields);
        return "[" + String.join(",", fields) + "]";
    }

    private static String collection(Value value) {
        Value tuple = value.toTuple();
        if (tuple instanceof TupleValue known) {
            List<String> elements = new ArrayList<>();
            for (Value element : known.elems) {
                elements.add(of(element));
            }
            return "<" + String.join(",", elements) + ">";
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
