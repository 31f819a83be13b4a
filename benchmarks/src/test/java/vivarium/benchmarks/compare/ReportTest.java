package vivarium.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;
import vivarium.benchmarks.compare.Results.LoadSample;
import vivarium.benchmarks.compare.Results.Pair;
import vivarium.benchmarks.compare.Results.StartSample;
import vivarium.benchmarks.compare.Results.TreeSample;
import vivarium.benchmarks.load.Workload;
import vivarium.benchmarks.servers.Machine;

class ReportTest {
    private static final Results RESULTS =
            new Results(
                    new Machine(2, "some <processor> & more", 1_000, "Linux", "25"),
                    new Results.Conditions("3.9.5", 3, 1, 3, 1_000),
                    List.of(
                            new Results.Row(
                                    Workload.SET_DATA,
                                    16,
                                    0,
                                    100,
                                    new Pair<>(
                                            List.of(sample(90), sample(100), sample(150)),
                                            List.of(sample(310), sample(200), sample(300))))),
                    List.of(),
                    List.of(),
                    new Pair<>(List.of(new StartSample(2, 1)), List.of(new StartSample(0.5, 0.4))),
                    new Pair<>(
                            List.of(tree(475_000_000, new StartSample(20, 9))),
                            List.of(tree(200_000_000, new StartSample(2, 2)))),
                    null);

    private static LoadSample sample(double perSecond) {
        return new LoadSample(
                perSecond,
                1e6 / perSecond,
                2e6 / perSecond,
                3e6 / perSecond,
                1e6,
                25,
                3,
                900,
                0,
                5);
    }

    private static TreeSample tree(long heap, StartSample restart) {
        return new TreeSample(
                1_000_000, 30, 15, 0, heap, heap, 1_000_000, 900_000, List.of(restart));
    }

    @Test
    void whatCompilersTookIsSaid() {
        String text = Report.markdown(RESULTS);
        assertTrue(text.contains("Compilers took at most 20 % of what our servers took"), text);
    }

    @Test
    void oneWriteAtATimeIsHeldAgainstWhatTheMachineItselfTakes() {
        Pair<LoadSample> samples = new Pair<>(List.of(sample(90)), List.of(sample(1_000)));
        Results trio =
                RESULTS.withTrio(List.of(new Results.Row(Workload.SET_DATA, 1, 0, 100, samples)));
        assertFalse(isOneWriteMissed(trio.withFloor(new Floor(650, 40))));
        assertTrue(isOneWriteMissed(trio.withFloor(new Floor(640, 40))));
    }

    private static boolean isOneWriteMissed(Results results) {
        Budget budget =
                Budget.all(results).stream()
                        .filter(one -> one.what().contains("@1: p50"))
                        .findFirst()
                        .orElseThrow();
        return budget.isMissed();
    }

    @Test
    void ratiosAreOfTheMedians() {
        Median median =
                Median.of(RESULTS.forced().getFirst().samples(), LoadSample::operationsPerSecond);
        assertEquals(100, median.apache());
        assertEquals(300, median.vivarium());
        assertEquals(3, median.ratio());
        assertEquals(0.6, median.spread(), 1e-9);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertEquals(2.5, Median.middle(new double[] {1, 2, 3, 4}));
    }

    @Test
    void fewerMicrosecondsAreAnAdvantage() {
        Median median = Median.of(RESULTS.forced().getFirst().samples(), LoadSample::p99Micros);
        assertEquals(3, Figure.P99.advantage(median), 1e-9);
    }

    @Test
    void theTablesSayWhatWasMeasured() {
        String text = Report.markdown(RESULTS);
        assertTrue(text.contains("| setData @16 | 100 | 300 | **3.00** (60 %) |"), text);
        assertTrue(text.contains("| live heap, bytes a znode | 475 | 200 | **0.42** |"), text);
        assertTrue(
                text.contains("| start to the first answer, s | 20.0 | 2.00 | **0.10** |"), text);
    }

    @Test
    void whatIsWrittenIsReadAgain(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("results.json");
        RESULTS.write(file);
        assertEquals(RESULTS, Results.read(file));
    }

    @Test
    void theChartIsOneWellFormedImageWithAMarkForEachFigure()
            throws IOException, ParserConfigurationException, SAXException {
        String svg = Chart.svg(RESULTS);
        Document image =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        int legend = 4;
        int load = 4;
        int starts = 4;
        assertEquals(legend + load + starts, image.getElementsByTagName("title").getLength());
    }

    private static Results with(double oursMicros) {
        Results.Row row =
                new Results.Row(
                        Workload.SET_DATA,
                        128,
                        0,
                        100,
                        new Pair<>(List.of(costing(100)), List.of(costing(oursMicros))));
        return RESULTS.withTrio(List.of(row));
    }

    private static LoadSample costing(double micros) {
        return new LoadSample(1, 1, 1, 1, 1, micros, 1, 1, 0, 0);
    }

    private static List<String> missed(Results results) {
        return Budget.all(results).stream().filter(Budget::isMissed).map(Budget::what).toList();
    }

    @Test
    void aBudgetIsMissedByWhatIsAboveItAndNotByWhatWasNotMeasured() {
        String what = "three members, setData @128: server CPU µs/op, ratio";
        assertTrue(missed(with(26)).contains(what), missed(with(26)).toString());
        assertFalse(missed(with(24)).contains(what), missed(with(24)).toString());
        assertFalse(missed(RESULTS).contains(what), missed(RESULTS).toString());
    }

    @Test
    void aBudgetForTheLeastIsMissedByWhatIsBelowIt() {
        String what = "three members, setData @512: operations/s, ratio";
        assertTrue(missed(atFiveHundredTwelve(390)).contains(what));
        assertFalse(missed(atFiveHundredTwelve(410)).contains(what));
    }

    private static Results atFiveHundredTwelve(double oursPerSecond) {
        Pair<LoadSample> samples = new Pair<>(List.of(sample(100)), List.of(sample(oursPerSecond)));
        return RESULTS.withTrio(List.of(new Results.Row(Workload.SET_DATA, 512, 0, 100, samples)));
    }

    @Test
    void thePageHasTheTablesAndMarksWhatIsMissed() {
        Results results = with(26);
        String page = Page.html("A <title>", Report.markdown(results), Chart.svg(results));
        assertTrue(page.contains("<h1>A &lt;title&gt;</h1>"), page);
        assertTrue(page.contains("<td>setData @16</td><td>100</td><td>300</td>"), page);
        assertTrue(page.contains("<td class=\"missed\"><b>missed</b></td>"), page);
        assertTrue(page.contains("<td><b>0.26</b></td>"), page);
    }

    @Test
    void theBarStretchesWhatIsLeftAsWhatIsOverHasBeen() {
        assertEquals("[....................]   0 %, 2:00 left", Progress.bar(0, 120, 3));
        assertEquals("[#####...............]  25 %, 3:00 left", Progress.bar(30, 120, 60));
        assertEquals("[####################] 100 %, 0:00 left", Progress.bar(121, 120, 60));
    }
}
