package vivarium.properties.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session's ephemerals go in one transaction. In which order, Apache's server leaves to a hash
 * set, and ours to their paths; so the events of such a transaction, and of no other, are compared
 * as a set.
 */
final class ClosingOrder {
    private static final Pattern REPLY = Pattern.compile("xid \\d+ zxid (\\+\\d+) err 0");
    private static final Pattern EVENT = Pattern.compile("event zxid (\\+\\d+) .*");

    private ClosingOrder() {}

    /** The entries, with the events of each closing sorted. */
    static List<Transcript.Entry> of(List<Transcript.Entry> entries) {
        Set<String> closings = new HashSet<>();
        for (Transcript.Entry entry : entries) {
            List<String> answers = entry.answers();
            for (int i = 1; i < answers.size(); i++) {
                Matcher reply = REPLY.matcher(answers.get(i - 1));
                if (answers.get(i).equals("closed") && reply.matches()) {
                    closings.add(reply.group(1));
                }
            }
        }
        List<Transcript.Entry> sorted = new ArrayList<>(entries.size());
        for (Transcript.Entry entry : entries) {
            sorted.add(new Transcript.Entry(entry.said(), sort(entry.answers(), closings)));
        }
        return List.copyOf(sorted);
    }

    private static List<String> sort(List<String> answers, Set<String> closings) {
        List<String> sorted = new ArrayList<>(answers);
        int start = 0;
        while (start < sorted.size()) {
            String zxid = zxidOfEvent(sorted.get(start));
            int end = start + 1;
            while (end < sorted.size() && zxidOfEvent(sorted.get(end)).equals(zxid)) {
                end++;
            }
            if (closings.contains(zxid)) {
                Collections.sort(sorted.subList(start, end));
            }
            start = end;
        }
        return List.copyOf(sorted);
    }

    private static String zxidOfEvent(String answer) {
        Matcher event = EVENT.matcher(answer);
        return event.matches() ? event.group(1) : "";
    }
}
