package vivarium.benchmarks.growth;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.Machine;

/**
 * What was measured of the growth of costs.
 *
 * @param seconds the length of each window
 */
record Growth(Machine machine, double seconds, List<Point> points) {
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    /**
     * One server, or ensemble, at one size.
     *
     * @param cpuMicros of all servers together, for each operation
     */
    record Point(
            Curve curve,
            int size,
            Contender contender,
            double operationsPerSecond,
            double cpuMicros,
            double p99Micros) {}

    /** What is in {@code file}, and nothing where there is none. */
    static Growth read(Path file, double seconds) throws IOException {
        if (Files.exists(file)) {
            Growth before = GSON.fromJson(Files.readString(file), Growth.class);
            if (before.seconds == seconds) {
                return new Growth(before.machine, seconds, new ArrayList<>(before.points));
            }
        }
        return new Growth(Machine.here(), seconds, new ArrayList<>());
    }

    void write(Path file) throws IOException {
        Files.writeString(file, GSON.toJson(this) + "\n");
    }

    /** What was measured there, null for nothing so far. */
    @Nullable Point at(Curve curve, int size, Contender contender) {
        for (Point point : points) {
            if (point.curve == curve && point.size == size && point.contender == contender) {
                return point;
            }
        }
        return null;
    }

    /** The sizes at which both were measured, the smallest first. */
    List<Integer> sizes(Curve curve) {
        return points.stream()
                .filter(point -> point.curve == curve && point.contender == Contender.VIVARIUM)
                .map(Point::size)
                .filter(size -> at(curve, size, Contender.APACHE) != null)
                .distinct()
                .sorted()
                .toList();
    }
}
