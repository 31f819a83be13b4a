package vivarium.benchmarks.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The machine that it was measured on; nothing that would name it.
 *
 * @param processors how many the JVM sees
 * @param model the processor's name, empty where the system does not tell
 * @param memoryMegabytes in all
 * @param system the operating system and its version
 * @param jdk the version of the JDK that all run on
 */
public record Machine(
        int processors, String model, long memoryMegabytes, String system, String jdk) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final int IDLE = 3;
    private static final int WAITING = 4;
    private static final int TICK_MILLIS = 10;

    /** This one. */
    public static Machine here() throws IOException {
        String memory = after(MEMORY, "MemTotal").replaceAll("[^0-9]", "");
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                after(CPU, "model name"),
                memory.isEmpty() ? 0 : Long.parseLong(memory) / 1024,
                System.getProperty("os.name") + " " + release(System.getProperty("os.version")),
                Runtime.version().toString());
    }

    /** The first two numbers of a version; the rest may say whose machine it is. */
    private static String release(String version) {
        return version.replaceAll("^(\\d+\\.\\d+).*", "$1");
    }

    private static String after(Path file, String key) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(key)) {
                return line.substring(line.indexOf(':') + 1).trim();
            }
        }
        return "";
    }

    /**
     * The CPU time that the whole machine has spent on anything since it was started, what was
     * stolen from it included; zero where the system does not tell.
     */
    public static Duration busyTime() throws IOException {
        if (!Files.exists(STAT)) {
            return Duration.ZERO;
        }
        List<String> fields = List.of(Files.readAllLines(STAT).getFirst().split(" +"));
        long ticks = 0;
        // user nice system idle iowait irq softirq steal; guests are within user
        for (int i = 0; i < 8 && i + 1 < fields.size(); i++) {
            if (i != IDLE && i != WAITING) {
                ticks += Long.parseLong(fields.get(i + 1));
            }
        }
        return Duration.ofMillis(ticks * TICK_MILLIS);
    }
}
