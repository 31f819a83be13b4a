package vivarium.properties.replay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import vivarium.core.Zxid;

/** A value of the specification as a text, in the form in which its own values are written. */
final class Text {
    private final TreeMap<String, String> fields = new TreeMap<>();

    /** How zxids are written: epoch * SCALE + counter. */
    private static final long SCALE = 10;

    /** One more field of a record. */
    Text with(String name, String value) {
        fields.put(name, value);
        return this;
    }

    Text with(String name, long value) {
        return with(name, Long.toString(value));
    }

    Text with(String name, boolean value) {
        return with(name, value ? "TRUE" : "FALSE");
    }

    static String sequence(Collection<String> elements) {
        return "<" + String.join(",", elements) + ">";
    }

    static String set(Collection<?> elements) {
        List<String> texts = new ArrayList<>();
        elements.forEach(element -> texts.add(element.toString()));
        Collections.sort(texts);
        return "{" + String.join(",", texts) + "}";
    }

    static long scaled(long zxid) {
        return Zxid.epoch(zxid) * SCALE + Zxid.counter(zxid);
    }

    /** The record of all fields. */
    @Override
    public String toString() {
        return fields.entrySet().stream()
                .map((Map.Entry<String, String> field) -> field.getKey() + ":" + field.getValue())
                .collect(Collectors.joining(",", "[", "]"));
    }
}
