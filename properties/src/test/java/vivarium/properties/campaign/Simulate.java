package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import vivarium.campaign.Main;
import vivarium.properties.servers.Signals;

/** The front door of the simulation as a process of its own. */
final class Simulate implements AutoCloseable {
    private static final int LIMIT_SECONDS = 100;

    private final Process process;
    private final Path output;

    private Simulate(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** How a process ended, and what it said, its complaints included. */
    record Ended(int code, String said) {
        /** The first line that begins with these words, without them. */
        String after(String words) {
            return said.lines()
                    .filter(line -> line.startsWith(words))
                    .findFirst()
                    .map(line -> line.substring(words.length()))
                    .orElseThrow(() -> new AssertionError("no '" + words + "' in:\n" + said));
        }
    }

    static Simulate start(Map<String, String> environment, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add("vivarium.campaign.Main");
        command.addAll(arguments);
        Path output = Files.createTempFile("simulate", ".out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JOB_COMPLETION_INDEX");
        builder.environment().putAll(environment);
        return new Simulate(builder.redirectOutput(output.toFile()).start(), output);
    }

    static Simulate start(String... arguments) throws IOException {
        return start(Map.of(), List.of(arguments));
    }

    static Ended run(Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        try (Simulate simulate = start(environment, arguments)) {
            return simulate.end();
        }
    }

    static Ended run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), List.of(arguments));
    }

    /** As {@link #run}, within this process: for what ends before anything is run. */
    static Ended ask(String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        return new Ended(Main.run(out, out, arguments), said.toString());
    }

    Ended end() throws IOException, InterruptedException {
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), () -> "goes on:\n" + said());
        return new Ended(process.exitValue(), said());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP for a while, then SIGCONT. */
    static void stopFor(Duration time, Simulate... processes) throws Exception {
        for (Simulate each : processes) {
            Signals.freeze(each.process.pid());
        }
        try {
            Process first = processes[0].process;
            assertFalse(first.waitFor(time.toMillis(), TimeUnit.MILLISECONDS), "it goes on");
        } finally {
            for (Simulate each : processes) {
                Signals.thaw(each.process.pid());
            }
        }
    }

    /** Of the processor, so far; none once it has ended. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, which a JVM takes as it takes Ctrl-C. */
    Ended interrupt() throws IOException, InterruptedException {
        process.destroy();
        return end();
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.delete(output);
    }
}
