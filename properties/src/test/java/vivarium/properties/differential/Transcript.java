package vivarium.properties.differential;

import java.util.ArrayList;
import java.util.List;

/** What was said and what was answered, step by step. */
record Transcript(List<Entry> entries) {

    /**
     * @param said the step
     * @param answers the server's frames in order, made comparable
     */
    record Entry(String said, List<String> answers) {
        boolean brokeOff() {
            return !answers.isEmpty() && answers.getLast().startsWith(BROKE_OFF);
        }
    }

    /** How the last line starts of a conversation that could not be carried on. */
    static final String BROKE_OFF = "BROKE OFF: ";

    /**
     * The first difference, as a conversation with both answers side by side up to the place where
     * they part; empty if the two are equal.
     */
    static String firstDifference(
            String leftName, Transcript left, String rightName, Transcript right) {
        var text = new StringBuilder();
        int steps = Math.max(left.entries.size(), right.entries.size());
        for (int i = 0; i < steps; i++) {
            if (i >= left.entries.size() || i >= right.entries.size()) {
                return text.append("one of the two ends here").toString();
            }
            Entry l = left.entries.get(i);
            Entry r = right.entries.get(i);
            text.append(i).append(". ").append(l.said).append('\n');
            if (l.equals(r) && !l.brokeOff()) {
                l.answers.forEach(
                        answer -> text.append("      both: ").append(answer).append('\n'));
                continue;
            }
            text.append("  HERE THEY DIFFER\n");
            sideBySide(text, leftName, l.answers, rightName, r.answers);
            return text.toString();
        }
        return "";
    }

    private static void sideBySide(
            StringBuilder text,
            String leftName,
            List<String> left,
            String rightName,
            List<String> right) {
        int lines = Math.max(left.size(), right.size());
        for (int i = 0; i < lines; i++) {
            String l = i < left.size() ? left.get(i) : "(nothing)";
            String r = i < right.size() ? right.get(i) : "(nothing)";
            if (l.equals(r)) {
                text.append("      both: ").append(l).append('\n');
            } else {
                text.append("  %8s: ".formatted(leftName)).append(l).append('\n');
                text.append("  %8s: ".formatted(rightName)).append(r).append('\n');
            }
        }
    }

    /** Collects a transcript. */
    static final class Recorder {
        private final List<Entry> entries = new ArrayList<>();
        private final List<String> answers = new ArrayList<>();
        private String said = "";

        void says(String what) {
            finish();
            said = what;
        }

        void answer(String line) {
            answers.add(line);
        }

        private void finish() {
            if (!said.isEmpty()) {
                entries.add(new Entry(said, List.copyOf(answers)));
            }
            answers.clear();
        }

        Transcript transcript() {
            finish();
            said = "";
            return new Transcript(ClosingOrder.of(entries));
        }
    }
}
