package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivarium.properties.campaign.Simulate.Ended;
import vivarium.properties.servers.Await;

/** Campaigns as processes: what they say, what they keep, and how they end. */
class CampaignProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path folder = Path.of("");

    @Test
    void aCampaignThatIsKilledTwiceAndGoesOnHasRunEachSeedOnce() throws Exception {
        String[] campaign = {"--seeds", "100", "--act", "3", "--jobs", "2", "--report", ""};
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        campaign[campaign.length - 1] = whole.toString();
        assertEquals(0, Simulate.run(campaign).code());

        campaign[campaign.length - 1] = broken.toString();
        for (int least : List.of(5, 40)) {
            try (Simulate killed = Simulate.start(campaign)) {
                Await.until("seeds run", LONG, () -> hasDone(broken, least));
                killed.kill();
            }
            State left = State.of(broken);
            assertTrue(left.number("done") < 100, "nothing was left to go on with");
        }
        Ended resumed = Simulate.run("--resume", broken.toString(), "--jobs", "1");
        assertEquals(0, resumed.code(), resumed.said());
        assertEquals("1..100", resumed.after("seeds run: "));
        assertEquals(List.of("1 100"), State.of(broken).all("ran"));
        // Each seed came out once: every count is what it is without the kills.
        assertEquals(State.of(whole).outcome(), State.of(broken).outcome());
    }

    private static boolean hasDone(Path report, int least) throws IOException {
        return State.exists(report) && State.of(report).number("done") >= least;
    }

    @Test
    void theSpeedOfACoreIsToldByTheClockAndByTheProcessorsTime() throws Exception {
        Ended ended = Simulate.run("--speed", "--seeds", "2", "--act", "1", "--clients", "2");
        assertEquals(0, ended.code(), ended.said());
        for (String how : List.of("by the clock: ", "by the processor's time: ")) {
            String told = ended.after(how);
            assertTrue(told.matches("[0-9,]+ simulated s/s, [0-9,]+ events/s, in .*"), told);
        }
    }

    @Test
    void anInterruptedCampaignTellsWhatWasDoneAndHowToGoOn() throws Exception {
        Path report = folder.resolve("report");
        try (Simulate simulate =
                Simulate.start("--for", "10m", "--act", "3", "--report", report.toString())) {
            Await.until("seeds run", LONG, () -> hasDone(report, 3));
            Ended ended = simulate.interrupt();
            assertTrue(ended.said().contains("stopped: "), ended.said());
            assertTrue(ended.said().contains("simulated s/s"), ended.said());
            assertTrue(ended.said().contains("--resume " + report), ended.said());
            String summary = ended.after("stopped: ");
            assertTrue(
                    summary.startsWith(State.of(report).number("done") + " seeds, 0 failed"),
                    summary);
            assertTrue(Files.readString(report.resolve("report.html")).contains("Everything held"));
        }
    }

    @Test
    void seedsThatFailStopNoOthersAndEachIsToldWithTheLineThatReplaysIt() throws Exception {
        Path report = folder.resolve("report");
        Ended ended =
                Simulate.run(
                        "--seeds",
                        "6",
                        "--servers",
                        "1",
                        "--act",
                        "5",
                        "--mistake",
                        "durable_before_force",
                        "--report",
                        report.toString());
        assertEquals(1, ended.code(), ended.said());
        assertEquals("1..6", ended.after("seeds run: "));
        String seed = ended.after("FAILED seed ").split(" ", 2)[0];
        String replay = ended.after("  simulation/simulate ");
        assertTrue(replay.contains("--seed " + seed + " "), replay);
        Ended again = Simulate.run(replay.split(" "));
        assertEquals(1, again.code(), again.said());
        String failure = again.after("FAILED ");
        assertTrue(ended.said().contains(failure), failure + " is not in\n" + ended.said());

        String page = Files.readString(report.resolve("report.html"));
        for (String file : List.of(".html", "-shrunk.html", ".scenario", ".trace")) {
            assertTrue(Files.size(report.resolve("seed-" + seed + file)) > 0, file);
            assertTrue(page.contains("href=\"seed-" + seed + file + "\""), file);
        }
        Ended shrunk =
                Simulate.run("--scenario", report.resolve("seed-" + seed + ".scenario").toString());
        assertEquals(1, shrunk.code(), shrunk.said());
    }

    @ParameterizedTest
    @CsvSource({"ENDLESS_EVENT, EndsInTime", "ENDLESS_EVENTS, EventsAreBounded"})
    void aSeedThatHangsIsAFailureOfLivenessAndStopsNoOther(String mistake, String invariant)
            throws Exception {
        Ended ended =
                Simulate.run(
                        "--seeds",
                        "4",
                        "--act",
                        "2",
                        "--jobs",
                        "1",
                        "--patience",
                        "5s",
                        "--mistake",
                        mistake);
        assertEquals(1, ended.code(), ended.said());
        assertEquals("1..4", ended.after("seeds run: "));
        assertTrue(ended.said().contains("(liveness) " + invariant + ": "), ended.said());
        assertTrue(ended.said().contains("--mistake " + mistake), ended.said());
        assertFalse(ended.said().contains("4 failed"), "no seed was good: " + ended.said());
    }

    @Test
    void timeForWhichAProcessIsStoppedIsNoTimeInWhichItsSeedsHang() throws Exception {
        Path report = folder.resolve("report");
        String seeds = "--seeds 40 --act 20 --jobs 1 --patience 6s --report " + report;
        String endless = "--seed 3 --act 20 --patience 6s --mistake ENDLESS_EVENT";
        try (Simulate campaign = Simulate.start(seeds.split(" "))) {
            Await.until("a seed is through", LONG, () -> hasDone(report, 1));
            try (Simulate hanging = Simulate.start(endless.split(" "))) {
                Await.until("it runs", LONG, () -> hanging.cpu().toMillis() > 1_000);
                Simulate.stopFor(Duration.ofSeconds(7), campaign, hanging);
                long thawedNanos = System.nanoTime();
                String said = hanging.end().said();
                assertTrue(said.contains("EndsInTime: no end after 6.0 s"), said);
                long waited = Duration.ofNanos(System.nanoTime() - thawedNanos).toMillis();
                assertTrue(waited > 1_000, "gave up " + waited + " ms after it went on");
            }
            Ended good = campaign.end();
            assertEquals(0, good.code(), good.said());
            assertEquals("1..40", good.after("seeds run: "));
        }
    }

    @Test
    void progressTellsSpeedsFaultsAndMarks() throws Exception {
        Ended ended = Simulate.run("--for", "3s", "--act", "2", "--jobs", "1", "--progress", "bar");
        assertEquals(0, ended.code(), ended.said());
        String last = ended.said().substring(ended.said().lastIndexOf('\r'));
        String line = last.lines().skip(1).findFirst().orElse(last);
        assertTrue(
                ended.said()
                        .matches(
                                "(?s).*\r"
                                    + "\\[#+-*] \\d+% \\S+ seeds \\S+/s \\S+ sim s/s \\S+ events/s"
                                    + " \\S+ faults \\d+/\\d+ marks 0 failed .*"),
                line);
    }

    @Test
    void twoCampaignsMayNotWriteIntoOneFolder() throws Exception {
        String report = folder.resolve("report").toString();
        try (Simulate one = Simulate.start("--for", "10m", "--act", "2", "--report", report)) {
            Await.until("begins", LONG, () -> State.exists(Path.of(report)));
            Ended other = Simulate.run("--seeds", "1", "--report", report);
            assertEquals(2, other.code());
            assertTrue(other.said().contains("another campaign is writing there"), other.said());
            assertTrue(one.isAlive(), one.said());
        }
    }

    @Test
    void aFolderIsNotGoneOnWithByAnotherCampaignNorByOtherCode() throws Exception {
        Path report = folder.resolve("report");
        String place = report.toString();
        assertEquals(0, Simulate.run("--seeds", "2", "--act", "2", "--report", place).code());
        Ended other = Simulate.run("--seeds", "2", "--act", "3", "--report", place);
        assertEquals(2, other.code());
        assertTrue(other.said().contains("holds another campaign"), other.said());
        Ended setting = Simulate.run("--resume", place, "--servers", "5");
        assertEquals(2, setting.code());
        assertTrue(setting.said().contains("--servers: a campaign goes on"), setting.said());

        Path state = report.resolve("campaign.state");
        String text = Files.readString(state);
        Files.writeString(state, text.replaceFirst("code .*", "code 0123456789abcdef"));
        Ended code = Simulate.run("--resume", place);
        assertEquals(2, code.code());
        assertTrue(code.said().contains("other code"), code.said());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vivarium campaign 1 | vivarium campaign 9 | :1: expected 'vivarium campaign 1'",
                "servers 3 | servers many | :3: expected a number from 1 to 99",
                "faults kill | faults mood | :7: expected some of",
                "mistake NONE | mistake WORST | :8: expected one of",
                "own 1 2 | own 1 | :11: expected the first seed, and how many",
                "done 2 | mood 2 | :12: expected ran, mark, failure",
                "ran 1 2 | ran 2 1 | :18: expected a number from 2",
                "clients 5 | | expected 'clients' and its value",
                "end | | expected 'end' as the last line"
            })
    void aStateThatIsDamagedIsRefusedWithItsLine(String right, String wrong, String complaint)
            throws Exception {
        Path report = folder.resolve("report");
        Files.createDirectories(report);
        String text =
                """
                vivarium campaign 1
                code 0123456789abcdef
                servers 3
                observers 0
                clients 5
                act-micros 2000000
                faults kill
                mistake NONE
                twice false
                whole 1 2
                own 1 2
                done 2
                failed 0
                events 10
                micros 10
                operations 1
                elapsed-millis 10
                ran 1 2
                end
                """;
        String damaged = text.replace(right + "\n", wrong == null ? "" : wrong + "\n");
        Files.writeString(report.resolve("campaign.state"), damaged);
        Ended ended = Simulate.ask("--resume", report.toString());
        assertEquals(2, ended.code(), ended.said());
        assertTrue(ended.said().contains("campaign.state:"), ended.said());
        assertTrue(ended.said().contains(complaint), ended.said());
    }

    @ParameterizedTest
    @CsvSource({
        "--seeds 0, --seeds: a number from 1",
        "--seeds many, Invalid value for option '--seeds'",
        "--for ever, --for: a time such as",
        "--patience 0, --patience: a time such as",
        "--servers 100, --servers: a number from 1 to 99",
        "--faults mood, --faults: 'mood' is none of",
        "--mistake worst, Invalid value for option '--mistake'",
        "--seed 1 --seeds 2, --seeds and --for: for many seeds",
        "--seed 1 --resume x, '--seed, --scenario and --resume: one of them'",
        "--parts 2, '--parts: with --seeds'",
        "--parts 2 --part 2 --seeds 5, --part: a number from 0 to 1",
        "--parts 2 --seeds 5, --part: a number from 0 to 1",
        "--resume nowhere, --resume: there is no folder nowhere",
        "--scenario nowhere, nowhere: there is no such file",
        "--scenario x --servers 3, --servers: the scenario says that itself",
        "--mood bad, Unknown option"
    })
    void aBadInvocationEndsWithTwoAndSaysWhatIsRight(String arguments, String complaint)
            throws Exception {
        Ended ended = Simulate.ask(arguments.split(" "));
        assertEquals(2, ended.code(), ended.said());
        assertTrue(ended.said().contains(complaint), ended.said());
        assertFalse(ended.said().contains("\tat "), ended.said());
    }

    @Test
    void aScenarioThatIsNoTextOrGiganticIsRefusedWithItsFile() throws Exception {
        Path file = folder.resolve("a.scenario");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2});
        Ended binary = Simulate.ask("--scenario", file.toString());
        assertEquals(2, binary.code());
        assertTrue(binary.said().contains(file + ":1: expected UTF-8 text"), binary.said());
        Files.writeString(file, "");
        Ended empty = Simulate.ask("--scenario", file.toString());
        assertTrue(empty.said().contains(file + ":1: expected 'vivarium scen"), empty.said());
        try (var gigantic = new RandomAccessFile(file.toFile(), "rw")) {
            gigantic.setLength(4L << 30);
        }
        Ended refused = Simulate.ask("--scenario", file.toString());
        assertEquals(2, refused.code());
        assertTrue(refused.said().contains(file + ":1: expected at most"), refused.said());
        Ended folderOnly = Simulate.ask("--scenario", folder.toString());
        assertEquals(2, folderOnly.code());
        assertTrue(folderOnly.said().contains(folder.toString()), folderOnly.said());
    }
}
