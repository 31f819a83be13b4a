package vivarium.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vivarium.core.PhaseName;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Plan;
import vivarium.simulation.engine.Violation;

/**
 * What happened in a run, as one page that needs nothing else: servers as columns, time downward.
 */
final class Diagram {
    private static final String HOLE = "/*DATA*/null";

    private Diagram() {}

    /**
     * The page.
     *
     * @param how what to type to run it once more
     */
    static String html(Outcome outcome, String how) throws IOException {
        return page().replace(HOLE, Json.of(data(Story.of(outcome), how)));
    }

    private static Map<String, Object> data(Story story, String how) {
        Outcome outcome = story.outcome();
        Plan plan = outcome.plan();
        Options options = plan.options();
        Map<String, Object> data = new TreeMap<>();
        data.put("seed", "" + plan.seed());
        data.put("how", how);
        Violation violation = outcome.violation();
        if (violation != null) {
            data.put("violation", String.valueOf(violation.getMessage()));
        }
        data.put("servers", plan.servers().size());
        data.put("voters", options.servers());
        data.put("clients", options.clients());
        data.put("first", story.firstMicros());
        data.put("last", outcome.micros());
        data.put("mended", options.faultyMicros());
        data.put("phases", names(PhaseName.values()));
        data.put("groups", names(Story.Group.values()));
        List<Story.Group> groups = List.of(Story.Group.values());
        List<Object> events = new ArrayList<>();
        for (Story.Event event : story.events()) {
            events.add(
                    List.of(
                            event.micros(),
                            event.place(),
                            groups.indexOf(event.group()),
                            event.label(),
                            event.detail()));
        }
        data.put("events", events);
        List<Object> arrows = new ArrayList<>();
        for (Story.Arrow arrow : story.arrows()) {
            arrows.add(List.of(arrow.from(), arrow.to(), arrow.target()));
        }
        data.put("arrows", arrows);
        data.put("lanes", lanes(story));
        List<Object> troubles = new ArrayList<>();
        for (Story.Trouble trouble : story.troubles()) {
            troubles.add(
                    List.of(
                            trouble.fromMicros(),
                            trouble.toMicros(),
                            trouble.name(),
                            trouble.servers(),
                            trouble.text()));
        }
        data.put("troubles", troubles);
        return data;
    }

    private static List<Object> lanes(Story story) {
        List<PhaseName> phases = List.of(PhaseName.values());
        List<Object> lanes = new ArrayList<>();
        for (int server = 1; server <= story.outcome().plan().servers().size(); server++) {
            List<Object> lane = new ArrayList<>();
            for (Story.Span span : story.lanes().getOrDefault(server, List.of())) {
                int phase = span.phase() == null ? -1 : phases.indexOf(span.phase());
                lane.add(List.of(span.fromMicros(), span.toMicros(), phase, span.label()));
            }
            lanes.add(lane);
        }
        return lanes;
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(value -> Story.words(value.name())).toList();
    }

    private static String page() throws IOException {
        try (InputStream page = Diagram.class.getResourceAsStream("diagram.html")) {
            if (page == null) {
                throw new IOException("diagram.html is missing in the jar");
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
