package vivarium.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks for a shorter run in which the same thing happens: with fewer faults, and with fewer
 * requests. Halves are left out first, then ever smaller parts, until no single one can be missed.
 */
public final class Shrinking {
    private final Predicate<Outcome> isSame;
    private int left;
    private Outcome best;

    private Shrinking(Outcome found, Predicate<Outcome> isSame, int mostRuns) {
        this.best = found;
        this.left = mostRuns;
        this.isSame = isSame;
    }

    /** One request: which client, and which of its ideas. */
    private record Request(long client, long idea) {}

    /**
     * The shortest run that was found in which the same invariant is broken.
     *
     * @param failed a run that broke something
     * @param mostRuns how many runs it may take
     */
    public static Outcome shrink(Outcome failed, int mostRuns) {
        String invariant = failed.violation() == null ? "" : failed.violation().invariant();
        return shrink(
                failed,
                outcome ->
                        outcome.violation() != null
                                && outcome.violation().invariant().equals(invariant),
                mostRuns);
    }

    /**
     * The shortest run that was found in which the same thing happens.
     *
     * @param isSame whether it does
     */
    public static Outcome shrink(Outcome found, Predicate<Outcome> isSame, int mostRuns) {
        Shrinking shrinking = new Shrinking(found, isSame, mostRuns);
        shrinking.run();
        return shrinking.best;
    }

    /** How many requests the clients of a run had in mind, and did not keep to themselves. */
    public static int requests(Outcome outcome) {
        return requestsOf(outcome).size();
    }

    private void run() {
        int before = Integer.MAX_VALUE;
        while (left > 0 && size() < before) {
            before = size();
            leaveOutFaults();
            leaveOutRequests();
        }
    }

    private int size() {
        return best.plan().faults().size() + requests(best);
    }

    private void leaveOutFaults() {
        int parts = 1;
        while (left > 0 && parts > 0) {
            List<TimedFault> faults = best.plan().faults();
            boolean shorter = false;
            for (int part = 0; part < parts && left > 0 && !shorter; part++) {
                List<TimedFault> fewer = without(faults, part, parts);
                shorter = fewer.size() < faults.size() && isTaken(best.plan().with(fewer));
            }
            parts = next(parts, faults.size(), shorter);
        }
    }

    private void leaveOutRequests() {
        int parts = 1;
        while (left > 0 && parts > 0) {
            List<Request> requests = requestsOf(best);
            boolean shorter = false;
            for (int part = 0; part < parts && left > 0 && !shorter; part++) {
                List<Request> fewer = without(requests, part, parts);
                Plan quieter = best.plan().withSilences(silences(best, fewer));
                // Who asks less may think of more meanwhile: only what is really less is taken.
                shorter = fewer.size() < requests.size() && isTaken(quieter, requests.size());
            }
            parts = next(parts, requests.size(), shorter);
        }
    }

    /** In how many parts it is tried next, 0 if no single one can be missed. */
    private static int next(int parts, int size, boolean shorter) {
        if (shorter) {
            return Math.max(1, parts - 1);
        }
        return parts >= size ? 0 : Math.min(2 * parts, size);
    }

    private static <T> List<T> without(List<T> all, int part, int parts) {
        int from = (int) ((long) all.size() * part / parts);
        int to = (int) ((long) all.size() * (part + 1) / parts);
        List<T> fewer = new ArrayList<>(all);
        fewer.subList(from, to).clear();
        return fewer;
    }

    private boolean isTaken(Plan plan) {
        return isTaken(plan, Integer.MAX_VALUE);
    }

    private boolean isTaken(Plan plan, int fewerThan) {
        left--;
        Outcome outcome = World.run(plan, 0);
        if (!isSame.test(outcome) || requests(outcome) >= fewerThan) {
            return false;
        }
        best = outcome;
        return true;
    }

    // ---- requests and silences

    private static List<Request> requestsOf(Outcome outcome) {
        List<Request> requests = new ArrayList<>();
        for (int client = 0; client < outcome.asked().size(); client++) {
            for (long idea = 0; idea < outcome.asked().get(client); idea++) {
                if (!isSilent(outcome.plan(), client, idea)) {
                    requests.add(new Request(client, idea));
                }
            }
        }
        return requests;
    }

    private static boolean isSilent(Plan plan, long client, long idea) {
        for (Silence silence : plan.silences()) {
            if (silence.client() == client && silence.first() <= idea && idea <= silence.last()) {
                return true;
            }
        }
        return false;
    }

    /** Of all ideas of a run every one but these. */
    private static List<Silence> silences(Outcome outcome, List<Request> kept) {
        List<Silence> silences = new ArrayList<>();
        int next = 0;
        for (int client = 0; client < outcome.asked().size(); client++) {
            long from = 0;
            while (next < kept.size() && kept.get(next).client() == client) {
                add(silences, client, from, kept.get(next).idea() - 1);
                from = kept.get(next).idea() + 1;
                next++;
            }
            add(silences, client, from, outcome.asked().get(client) - 1);
        }
        return silences;
    }

    private static void add(List<Silence> silences, long client, long first, long last) {
        if (first <= last) {
            silences.add(new Silence(client, first, last));
        }
    }
}
