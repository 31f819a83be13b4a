package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.campaign.Simulate.Ended;

/**
 * A campaign that is split over processes and joined again is the campaign that it would be whole.
 */
class SplitAndMergeTest {
    private static final int PARTS = 3;
    private static final List<String> CAMPAIGN =
            List.of(
                    "--seeds",
                    "20",
                    "--from",
                    "7",
                    "--act",
                    "3",
                    "--servers",
                    "1",
                    "--jobs",
                    "1",
                    "--mistake",
                    "durable_before_force");

    @TempDir private Path folder = Path.of("");

    @Test
    void thePartsTogetherAreTheWhole() throws Exception {
        Ended alone = Simulate.run(Map.of(), with("--report", folder.resolve("alone").toString()));
        assertEquals(1, alone.code(), alone.said());
        runParts();
        Path joined = folder.resolve("joined");
        Ended merged = Simulate.run(merge(joined, "part-0", "part-1", "part-2"));
        assertEquals(1, merged.code(), "the planted mistake was found: " + merged.said());
        assertEquals("7..26", merged.after("seeds run: "));
        assertEquals(State.of(folder.resolve("alone")).outcome(), State.of(joined).outcome());
        String page = Files.readString(joined.resolve("report.html"));
        assertTrue(page.contains("of 20 runs failed"), page);
        String seed = merged.after("FAILED seed ").split(" ", 2)[0];
        assertTrue(page.contains("href=\"seed-" + seed + ".html\""), page);
        assertTrue(Files.exists(joined.resolve("seed-" + seed + ".html")));

        namesGapsAndRunsThemLater();
        namesOverlaps();
        refusesWhatDoesNotBelongTogether();
    }

    /** All at the same time, each told by the environment which one it is. */
    private void runParts() throws IOException, InterruptedException {
        List<Simulate> running = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            List<String> arguments =
                    with("--parts", "" + PARTS, "--report", folder.resolve("part-" + part) + "");
            running.add(Simulate.start(Map.of("JOB_COMPLETION_INDEX", "" + part), arguments));
        }
        for (Simulate part : running) {
            try (part) {
                part.end();
            }
        }
        assertEquals(List.of("7 6"), State.of(folder.resolve("part-0")).all("own"));
        assertEquals(List.of("13 7"), State.of(folder.resolve("part-1")).all("own"));
        assertEquals(List.of("20 7"), State.of(folder.resolve("part-2")).all("own"));
    }

    private void namesGapsAndRunsThemLater() throws IOException, InterruptedException {
        Path joined = folder.resolve("gaps");
        Ended merged = Simulate.ask(merge(joined, "part-0", "part-2"));
        assertEquals(1, merged.code());
        assertEquals("7..12, 20..26", merged.after("seeds run: "));
        assertEquals("13..19", merged.after("seeds not run: "));
        Ended resumed = Simulate.run("--resume", joined.toString());
        assertEquals("7..26", resumed.after("seeds run: "));
        assertEquals(State.of(folder.resolve("alone")).outcome(), State.of(joined).outcome());
    }

    private void namesOverlaps() {
        Ended merged = Simulate.ask(merge(folder.resolve("twice"), "part-0", "part-1", "part-1"));
        assertTrue(merged.said().contains("seeds 13..19 were run in " + folder), merged.said());
        assertTrue(merged.said().contains("and are counted twice"), merged.said());
    }

    private void refusesWhatDoesNotBelongTogether() throws IOException, InterruptedException {
        String other = folder.resolve("other").toString();
        Simulate.run("--seeds", "2", "--act", "2", "--servers", "1", "--report", other);
        Ended mixed = Simulate.ask(merge(folder.resolve("mixed"), "part-0", "other"));
        assertEquals(2, mixed.code());
        assertTrue(mixed.said().contains(other + ": 1 server, 5 clients, 2 s"), mixed.said());
        Ended nothing = Simulate.ask(merge(folder.resolve("mixed"), "nowhere"));
        assertEquals(2, nothing.code());
        assertTrue(nothing.said().contains("nowhere: there is no such folder"), nothing.said());
        Ended again = Simulate.ask(merge(folder.resolve("joined"), "part-0"));
        assertEquals(2, again.code());
        assertTrue(again.said().contains("holds a report already"), again.said());
    }

    private static List<String> with(String... more) {
        var arguments = new ArrayList<>(CAMPAIGN);
        arguments.addAll(List.of(more));
        return arguments;
    }

    private String[] merge(Path joined, String... parts) {
        var arguments = new ArrayList<>(List.of("merge", "--report", joined.toString()));
        for (String part : parts) {
            arguments.add(folder.resolve(part).toString());
        }
        return arguments.toArray(String[]::new);
    }
}
