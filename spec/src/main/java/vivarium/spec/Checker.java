package vivarium.spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Runs the model checker, in processes of its own: it keeps what it knows in statics. */
public final class Checker implements AutoCloseable {
    /** How often a long run writes down how far it has come. */
    public static final Duration CHECKPOINT = Duration.ofMinutes(5);

    private static final String USUAL_HEAP = "1500m";
    private static final long BYTES_PER_MB = 1 << 20;

    /** Of the machine's memory, two thirds, but not more than what helps. */
    private static final String DEEP_HEAP =
            Math.clamp(DeepResults.memoryBytes() * 2 / 3 / BYTES_PER_MB, 1_000, 8_000) + "m";

    private final Path folder;
    private final Path work;
    private final Duration checkpoint;
    private final Runners runners;

    /**
     * @param folder where the specification is
     * @param work where to put what the runs leave behind
     */
    public Checker(Path folder, Path work) {
        this(folder, work, CHECKPOINT);
    }

    /**
     * @param checkpoint how often a long run writes down how far it has come
     */
    Checker(Path folder, Path work, Duration checkpoint) {
        this.folder = folder;
        this.work = work;
        this.checkpoint = checkpoint;
        this.runners = new Runners(folder, work);
    }

    /** Ends the processes that wait for more to do. */
    @Override
    public void close() throws IOException {
        runners.close();
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
        Path states = statesOf(job, configuration);
        if (job.deep() && !mayGoOn(job) && Files.exists(states)) {
            Trees.delete(states);
        }
        Files.createDirectories(states);
        Path output = work.resolve(job.name() + ".out");
        Map<String, String> all = new TreeMap<>(properties);
        if (mayGoOn(job)) {
            all.put(Errands.CHECKPOINT_MILLIS, String.valueOf(checkpoint.toMillis()));
        }
        String heap = job.deep() ? DEEP_HEAP : USUAL_HEAP;
        Runner runner = runners.take(new Runner.Kind(job.module(), heap, workers > 1, all));
        int exitCode;
        long began = System.nanoTime();
        boolean ended = false;
        try {
            exitCode =
                    runner.run(
                            output, Errands.CHECK, arguments(job, configuration, states, workers));
            ended = true;
        } finally {
            if (!ended) {
                runner.close();
                if (!job.deep()) {
                    Trees.delete(states);
                }
            }
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        Verdict verdict = Verdict.of(Files.readAllLines(output), exitCode, millis);
        if (job.deep() || verdict.trouble() != null) {
            // A long one has the memory to itself; and whatever was wrong, it begins anew.
            runner.close();
        } else {
            runners.giveBack(runner);
        }
        if (!job.deep() || verdict.trouble() == null) {
            Trees.delete(states);
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
        return explore(job, List.of("graph"));
    }

    /**
     * Likewise behaviours that TLC comes upon by chance, when it simulates.
     *
     * @param length how many steps each has at the most
     */
    public Path walks(Job job, int count, int length, int seed)
            throws IOException, InterruptedException {
        Path folderOfWalks = Files.createDirectories(work.resolve(job.name() + "-walks"));
        String simulation = "file=" + folderOfWalks.resolve("walk") + ",num=" + count;
        List<String> arguments =
                List.of(
                        "-simulate",
                        simulation,
                        "-depth",
                        String.valueOf(length),
                        "-seed",
                        String.valueOf(seed),
                        "-metadir",
                        folderOfWalks.toString(),
                        "-config",
                        configure(job).toString(),
                        job.module());
        with(job, Errands.CHECK, arguments);
        List<String> follow = new ArrayList<>(List.of("follow"));
        try (Stream<Path> walks = Files.list(folderOfWalks)) {
            walks.map(Path::toString)
                    .filter(name -> name.contains("walk_"))
                    .sorted()
                    .forEach(follow::add);
        }
        Path found = explore(job, follow);
        Trees.delete(folderOfWalks);
        return found;
    }

    /** Likewise the way to where a property breaks, once {@link #run} has found it. */
    public Path counterexample(Job job) throws IOException, InterruptedException {
        Path output = work.resolve(job.name() + ".out");
        Path kept = work.resolve(job.name() + ".way");
        Files.move(output, kept, StandardCopyOption.REPLACE_EXISTING);
        return explore(job, List.of("follow", kept.toString()));
    }

    /** Runs {@link Explorer}. */
    private Path explore(Job job, List<String> what) throws IOException, InterruptedException {
        Path found = work.resolve(job.name() + ".graph");
        List<String> arguments = new ArrayList<>();
        Collections.addAll(
                arguments,
                what.getFirst(),
                job.module(),
                configure(job).toString(),
                found.toString());
        arguments.addAll(what.subList(1, what.size()));
        with(job, Errands.EXPLORE, arguments);
        return found;
    }

    /** What it prints stays in the work folder as {@code NAME.out}. */
    private void with(Job job, String tool, List<String> arguments)
            throws IOException, InterruptedException {
        Path output = work.resolve(job.name() + ".out");
        Runner runner = runners.take(new Runner.Kind(job.module(), USUAL_HEAP, false, Map.of()));
        boolean ended = false;
        try {
            if (runner.run(output, tool, arguments) != 0) {
                throw new IOException(
                        job.name()
                                + " was not explored: "
                                + String.join("\n", Files.readAllLines(output)));
            }
            ended = true;
        } finally {
            if (ended) {
                runners.giveBack(runner);
            } else {
                runner.close();
            }
        }
    }

    /**
     * Where a run keeps its states. A long one finds them again: it goes on from its checkpoint, if
     * what it checks is still the same.
     */
    Path statesOf(Job job) throws IOException {
        return statesOf(job, configure(job));
    }

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

    /**
     * Whether a run may go on from a checkpoint. Where liveness is looked at, TLC's checkpoints
     * lack the end of its graph: such a run begins anew.
     */
    private static boolean mayGoOn(Job job) {
        return job.deep() && !job.configuration().endsWith("-live.cfg");
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

    private static List<String> arguments(Job job, Path configuration, Path states, int workers)
            throws IOException {
        List<String> arguments = new ArrayList<>();
        Collections.addAll(
                arguments,
                "-workers",
                String.valueOf(workers),
                // Otherwise drawn for each run: what goes on from a checkpoint would not know its
                // own states again.
                "-fp",
                "0",
                "-metadir",
                states.toString(),
                "-config",
                configuration.toString());
        Path checkpoint = mayGoOn(job) ? checkpoint(states) : null;
        if (checkpoint != null) {
            Collections.addAll(arguments, "-recover", checkpoint.toString());
        }
        arguments.add(job.module());
        return arguments;
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
            if (line.equals(Vacuity.NEVER_STUCK)) {
                boolean isStuck = job.falsified().contains(Verdict.NEVER_STUCK);
                narrowed.add(isStuck ? line : "CHECK_DEADLOCK FALSE");
                if (isStuck) {
                    named.add(Verdict.NEVER_STUCK);
                }
                continue;
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
}
