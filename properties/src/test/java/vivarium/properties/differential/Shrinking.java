package vivarium.properties.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Leaves out of a conversation whatever the difference does not need: steps, requests, parts. */
final class Shrinking {

    private final Trial trial;
    private int trialsLeft;

    /** Whether two servers differ in a conversation. */
    interface Trial {
        boolean differs(List<Step> steps) throws IOException;
    }

    /**
     * @param mostTrials how many conversations it may take
     */
    Shrinking(Trial trial, int mostTrials) {
        this.trial = trial;
        this.trialsLeft = mostTrials;
    }

    /** The smallest conversation that was found to differ; {@code steps} itself if none was. */
    List<Step> smallest(List<Step> steps) throws IOException {
        List<Step> smallest = withoutSteps(steps);
        for (int i = 0; i < smallest.size(); i++) {
            if (smallest.get(i) instanceof Step.Send(int client, List<Request> requests)) {
                smallest = withoutRequests(smallest, i, client, requests);
            }
        }
        return withoutSteps(smallest);
    }

    private boolean differs(List<Step> steps) throws IOException {
        return trialsLeft-- > 0 && trial.differs(steps);
    }

    private List<Step> withoutSteps(List<Step> steps) throws IOException {
        List<Step> smallest = steps;
        for (int size = Math.max(1, smallest.size() / 2); size > 0; size /= 2) {
            int at = smallest.size() - size;
            while (at >= 0) {
                List<Step> fewer = without(smallest, at, size);
                if (differs(fewer)) {
                    smallest = fewer;
                }
                at = Math.min(at, smallest.size()) - size;
            }
        }
        return smallest;
    }

    private List<Step> withoutRequests(
            List<Step> steps, int index, int client, List<Request> requests) throws IOException {
        List<Step> smallest = steps;
        List<Request> left = requests;
        for (int at = left.size() - 1; at >= 0; at--) {
            if (left.size() > 1) {
                List<Request> fewer = without(left, at, 1);
                List<Step> tried = with(smallest, index, new Step.Send(client, fewer));
                if (differs(tried)) {
                    smallest = tried;
                    left = fewer;
                    continue;
                }
            }
            if (left.get(at) instanceof Request.Multi(List<Request> parts)) {
                List<Request> kept = parts;
                for (int part = kept.size() - 1; part >= 0; part--) {
                    List<Request> fewer = without(kept, part, 1);
                    List<Request> changed = with(left, at, new Request.Multi(fewer));
                    List<Step> tried = with(smallest, index, new Step.Send(client, changed));
                    if (differs(tried)) {
                        smallest = tried;
                        left = changed;
                        kept = fewer;
                    }
                }
            }
        }
        return smallest;
    }

    private static <T> List<T> without(List<T> list, int at, int size) {
        var fewer = new ArrayList<>(list);
        fewer.subList(at, at + size).clear();
        return fewer;
    }

    private static <T> List<T> with(List<T> list, int at, T item) {
        var changed = new ArrayList<>(list);
        changed.set(at, item);
        return changed;
    }
}
