package vivarium.benchmarks.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.Machine;

class GrowthTest {
    private static Growth.Point point(int size, Contender contender, double perSecond) {
        return new Growth.Point(Curve.BYTES, size, contender, perSecond, 1e6 / perSecond, 100);
    }

    private static Growth some() throws IOException {
        var points = new ArrayList<Growth.Point>();
        points.add(point(100, Contender.APACHE, 1_000));
        points.add(point(100, Contender.VIVARIUM, 4_000));
        points.add(point(1_000, Contender.VIVARIUM, 3_000));
        points.add(point(0, Contender.VIVARIUM, 5_000));
        points.add(point(0, Contender.APACHE, 1_100));
        return new Growth(Machine.here(), 2, points);
    }

    @Test
    void aSizeCountsWhenBothHaveBeenMeasured() throws IOException {
        assertEquals(List.of(0, 100), some().sizes(Curve.BYTES));
        assertEquals(List.of(), some().sizes(Curve.MEMBERS));
    }

    @Test
    void whatIsWrittenIsGoneOnWithUnlessWindowsAreOthers(@TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("growth.json");
        Growth written = some();
        written.write(file);
        assertEquals(written, Growth.read(file, 2));
        assertEquals(List.of(), Growth.read(file, 1).points());
    }

    @Test
    void theTableHasARatioForEachSize() throws IOException {
        String table = GrowCommand.markdown(some());
        assertTrue(table.contains("| 100 | 1,000 | 4,000 | **4.00** |"), table);
        assertEquals(2, table.lines().filter(line -> line.contains("**")).count(), table);
    }

    @Test
    void theChartIsOneWellFormedImageWithAMarkForEachPoint() throws Exception {
        byte[] svg = GrowthChart.svg(some()).getBytes(StandardCharsets.UTF_8);
        var document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg));
        int legend = Contender.values().length;
        int marks = 2 * 2 * 2; // sizes, servers, figures
        var circles = document.getElementsByTagName("circle");
        assertEquals(legend + marks, circles.getLength());
        for (int i = 0; i < circles.getLength(); i++) {
            String x = circles.item(i).getAttributes().getNamedItem("cx").getNodeValue();
            assertTrue(Double.isFinite(Double.parseDouble(x)), x);
        }
    }

    @Test
    void eachSizeOfEachCurveIsALoad() {
        for (Curve curve : Curve.values()) {
            var sizes = new ArrayList<>(curve.usual());
            sizes.addAll(curve.deep());
            for (int size : sizes) {
                var load = curve.load(size, Duration.ZERO, Duration.ofSeconds(1));
                assertEquals(curve.workload(), load.workload());
                if (curve == Curve.WATCHES) {
                    assertEquals(size, load.connections() * load.watched());
                }
            }
        }
    }
}
