package vivarium.campaign;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as text that a script in a page can hold: no character of it ends the script. */
final class Json {
    private Json() {}

    /**
     * The text of a value.
     *
     * @param value null, a text, a whole number, a truth, or a list or map of such
     */
    static String of(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        put(text, value);
        return text.toString();
    }

    private static void put(StringBuilder text, @Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case Boolean truth -> text.append(truth);
            case Integer number -> text.append(number);
            case Long number -> text.append(number);
            case String string -> string(text, string);
            case Collection<?> values -> list(text, values);
            case Map<?, ?> values -> map(text, values);
            default -> throw new IllegalArgumentException("no value for a page: " + value);
        }
    }

    private static void list(StringBuilder text, Collection<?> values) {
        text.append('[');
        String comma = "";
        for (Object value : values) {
            text.append(comma);
            put(text, value);
            comma = ",";
        }
        text.append(']');
    }

    private static void map(StringBuilder text, Map<?, ?> values) {
        text.append('{');
        String comma = "";
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            text.append(comma);
            string(text, String.valueOf(entry.getKey()));
            text.append(':');
            put(text, entry.getValue());
            comma = ",";
        }
        text.append('}');
    }

    private static void string(StringBuilder text, String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            boolean plain = c >= ' ' && c != '"' && c != '\\' && c != '<' && c < 0x7f;
            if (plain) {
                text.append(c);
            } else {
                text.append(String.format("\\u%04x", (int) c));
            }
        }
        text.append('"');
    }
}
