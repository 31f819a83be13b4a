package vivarium.spec;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Runs the model checker, each time in a process of its own: it keeps what it knows in statics, and
 * can't be run twice in one.
 */
public final class Checker {
    private static final String CHECKPOINT_MINUTES = "5";
    private static final long BYTES_PER_MB = 1 << 20;

    /** Of the machine's memory, two thirds, but not more than what helps. */
    private static final String DEEP_HEAP =
            Math.clamp(DeepResults.memoryBytes() * 2 / 3 / BYTES_PER_MB, 1_000, 8_000) + "m";

    private final Path folder;
    private final Path work;

    /**
     * @param folder where the specification is
     * @param work where to put what the runs leave behind
     */
    public Checker(Path folder, Path work) {
        this.folder = folder;
        this.work = work;
    }

    /**
     * Runs one job to its end; what was printed stays in the work folder as {@code NAME.out}.
     *
     * @param workers how many threads it may use
     * @param properties to be set in its process
     * @throws InterruptedException if this thread is interrupted; the process has ended then
     */
    public Verdict run(Job job, int workers, Map<String, String> properties)
            throws IOException, InterruptedException {
        Path configuration = configure(job);
        Path states = Files.createDirectories(statesOf(job, configuration));
        Path output = work.resolve(job.name() + ".out");
        List<String> command = command(job, configuration, states, workers, properties);
        long began = System.nanoTime();
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int exitCode;
        boolean ended = false;
        try {
            exitCode = process.waitFor();
            ended = true;
        } finally {
            process.destroyForcibly();
            if (!ended && !job.deep()) {
                delete(states);
            }
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        Verdict verdict = Verdict.of(Files.readAllLines(output), exitCode, millis);
        if (!job.deep() || verdict.trouble() == null) {
            delete(states);
        }
        return verdict;
    }

    /**
     * Writes down the graph of a configuration of ReplayZab, as {@link Explorer} does.
     *
     * @return where it is, and next to it, with the ending {@code .cfg}, its configuration
     * @throws InterruptedException if this thread is interrupted; the process has ended then
     */
    public Path graph(Job job) throws IOException, InterruptedException {
        return explore(job, "graph");
    }

    /** Likewise some behaviours by chance, each of so many steps at most. */
    public Path walks(Job job, int count, int length, int seed)
            throws IOException, InterruptedException {
        return explore(job, "walks", count, length, seed);
    }

    /** Likewise the shortest way to where a property breaks that the job names, if it is near. */
    public Path counterexample(Job job, int mostStates) throws IOException, InterruptedException {
        return explore(job, "break", mostStates);
    }

    /** Runs {@link Explorer}; what it prints stays in the work folder as {@code NAME.out}. */
    private Path explore(Job job, String what, int... numbers)
            throws IOException, InterruptedException {
        String name = job.name();
        Path found = work.resolve(name + ".graph");
        List<String> arguments = new ArrayList<>();
        Collections.addAll(
                arguments, what, job.module(), configure(job).toString(), found.toString());
        Arrays.stream(numbers).forEach(number -> arguments.add(String.valueOf(number)));
        Path scratch = Files.createDirectories(work.resolve(name));
        Path output = work.resolve(name + ".out");
        List<String> command = java(scratch, "1500m", Map.of());
        command.add(Explorer.class.getName());
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(
                        name
                                + " was not explored: "
                                + String.join("\n", Files.readAllLines(output)));
            }
            return found;
        } finally {
            process.destroyForcibly();
            delete(scratch);
        }
    }

    /** How Java is started for what has to do with TLC. */
    private static List<String> java(Path scratch, String heap, Map<String, String> properties) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-Xss16m");
        // It unpacks its own modules there under fixed names: runs side by side must not share it.
        command.add("-Djava.io.tmpdir=" + scratch);
        command.add(
                "-DTLA-Library=" + String.join(File.pathSeparator, ".", "mc", "trace", "replay"));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
        return command;
    }

    /**
     * Where a run keeps its states. A long one finds them again: it goes on from its checkpoint, if
     * what it checks is still the same.
     */
    private Path statesOf(Job job, Path configuration) throws IOException {
        if (!job.deep()) {
            return work.resolve(job.name());
        }
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(configuration));
        for (String place : List.of(".", "mc")) {
            try (Stream<Path> modules = Files.list(folder.resolve(place))) {
                for (Path module : modules.sorted().toList()) {
                    if (module.toString().endsWith(".tla")) {
                        sum.update(Files.readAllBytes(module));
                    }
                }
            }
        }
        return folder.resolve("target/deep/" + job.name() + "-" + Long.toHexString(sum.getValue()));
    }

    /** The newest folder with a whole checkpoint; null if there is none. */
    static @Nullable Path checkpoint(Path states) throws IOException {
        try (Stream<Path> found = Files.walk(states)) {
            return found.filter(file -> file.getFileName().toString().equals("queue.chkpt"))
                    .map(Path::getParent)
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
    }

    private static List<String> command(
            Job job, Path configuration, Path states, int workers, Map<String, String> properties)
            throws IOException {
        List<String> command = java(states, job.deep() ? DEEP_HEAP : "1500m", properties);
        command.add(1, workers > 1 ? "-XX:+UseParallelGC" : "-XX:+UseSerialGC");
        if (job.isMutant()) {
            // Most are over within seconds, most of which a better compiler would need for itself.
            command.add(1, "-XX:TieredStopAtLevel=1");
        }
        Collections.addAll(
                command,
                "tlc2.TLC",
                "-workers",
                String.valueOf(workers),
                "-metadir",
                states.toString(),
                "-config",
                configuration.toString());
        Path checkpoint = job.deep() ? checkpoint(states) : null;
        if (checkpoint != null) {
            Collections.addAll(command, "-recover", checkpoint.toString());
        }
        if (job.deep()) {
            Collections.addAll(command, "-checkpoint", CHECKPOINT_MINUTES);
        }
        command.add(job.module());
        return command;
    }

    /** The job's configuration, with its own constants. */
    private Path configure(Job job) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                Files.newBufferedReader(
                        folder.resolve(job.configuration()), StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        }
        for (Map.Entry<String, String> constant : job.constants().entrySet()) {
            set(lines, constant.getKey(), constant.getValue(), job);
        }
        return Files.write(
                work.resolve(job.name() + ".cfg"), job.isMutant() ? narrow(lines, job) : lines);
    }

    /** Only what must find a mistake is looked at, so that nothing else finds it first. */
    private static List<String> narrow(List<String> lines, Job job) throws IOException {
        List<String> narrowed = new ArrayList<>();
        Set<String> named = new TreeSet<>();
        String section = "";
        for (String line : lines) {
            List<String> words = List.of(line.strip().split("\\s+", -1));
            if (!line.isBlank() && !Character.isWhitespace(line.charAt(0))) {
                section = words.getFirst();
            }
            if (!section.equals("INVARIANTS") && !section.equals("PROPERTIES")) {
                narrowed.add(line);
                continue;
            }
            for (String word : words) {
                if (job.falsified().contains(word)) {
                    narrowed.add(section + " " + word);
                    named.add(word);
                }
            }
        }
        if (named.isEmpty()) {
            throw new IOException(
                    job.configuration() + " has none of " + String.join(", ", job.falsified()));
        }
        return narrowed;
    }

    private static void set(List<String> lines, String name, String value, Job job)
            throws IOException {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith(name + " = ")) {
                lines.set(i, "    " + name + " = " + value);
                return;
            }
            if (line.startsWith(name + " <- ")) {
                lines.set(i, "    " + name + " <- " + value);
                return;
            }
        }
        throw new IOException(
                job.configuration()
                        + " has no constant '"
                        + name
                        + "', which "
                        + job.name()
                        + " would set");
    }

    /** What the run of a job has printed. */
    public List<String> output(Job job) throws IOException {
        return Files.readAllLines(work.resolve(job.name() + ".out"));
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> found = Files.walk(tree)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
