package vivarium.spec;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table in docs/spec.md of what the long runs have come to, one row for each. */
final class DeepResults {
    private static final String HEAD = "| run | found | states | depth | time | date | machine |";
    private static final double BYTES_PER_GB = 1 << 30;
    private final Path file;

    /**
     * @param file a text that has the table's head
     */
    DeepResults(Path file) {
        this.file = file;
    }

    /** Puts a run's result in the place of the one before, or at the end. */
    void put(Job job, Verdict verdict, LocalDate date, String machine) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        int head = lines.indexOf(HEAD);
        if (head < 0) {
            throw new IOException(file + " has no table that begins with " + HEAD);
        }
        String begin = "| " + job.name() + " |";
        int at = head + 2;
        while (at < lines.size() && lines.get(at).startsWith("|")) {
            if (lines.get(at).startsWith(begin)) {
                lines.remove(at);
                break;
            }
            at++;
        }
        String found = verdict.broken() == null ? "all holds" : "breaks " + verdict.broken();
        lines.add(
                at,
                String.format(
                        Locale.ROOT,
                        "%s %s | %,d | %d | %d s | %s | %s |",
                        begin,
                        found,
                        verdict.states(),
                        verdict.depth(),
                        verdict.millis() / 1_000,
                        date,
                        machine));
        Files.write(file, lines);
    }

    /** Today, everywhere the same. */
    static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    /** The machine, without a name: cores, memory, JDK. */
    static String machine() {
        return String.format(
                Locale.ROOT,
                "%d cores, %.0f GB, JDK %d",
                Runtime.getRuntime().availableProcessors(),
                memoryBytes() / BYTES_PER_GB,
                Runtime.version().feature());
    }

    /** How much memory there is in all. */
    static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
