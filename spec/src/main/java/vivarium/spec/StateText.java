package vivarium.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A state as TLC prints it, equal ones as equal texts: without blanks, and with the fields of
 * records, the elements of sets and the arguments of functions in order. TLC prints them as they
 * were made.
 */
final class StateText {
    private final String text;
    private int at;

    private StateText(String text) {
        this.text = text;
    }

    static String of(String printed) {
        StringBuilder dense = new StringBuilder(printed.length());
        for (int i = 0; i < printed.length(); i++) {
            // No text of the modules has a blank in it.
            if (!Character.isWhitespace(printed.charAt(i))) {
                dense.append(printed.charAt(i));
            }
        }
        return new StateText(dense.toString()).parts("", "/\\", "/\\", false);
    }

    /** Values, each with whatever stands before it, between two brackets. */
    private String parts(String end, String separator, String joint, boolean isSequence) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        while (at < text.length() && (end.isEmpty() || !text.startsWith(end, at))) {
            if (text.startsWith(separator, at)) {
                at += separator.length();
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(value());
            }
        }
        at += end.length();
        parts.add(part.toString());
        if (!isSequence) {
            Collections.sort(parts);
        }
        return String.join(joint, parts);
    }

    /** What is in brackets, or else one character. */
    private String value() {
        if (text.startsWith("<<", at)) {
            at += 2;
            return "<" + parts(">>", ",", ",", true) + ">";
        }
        char first = text.charAt(at++);
        return switch (first) {
            case '[' -> "[" + parts("]", ",", ",", false) + "]";
            case '{' -> "{" + parts("}", ",", ",", false) + "}";
            case '(' -> "(" + parts(")", "@@", "@@", false) + ")";
            default -> String.valueOf(first);
        };
    }
}
