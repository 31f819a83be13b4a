package vivarium.properties.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks for mistakes, each in a JVM of its own, so that one that hangs or eats up memory ends. */
final class Trials {
    /** What a JVM may take to start and to end, in seconds. */
    private static final long GRACE_SECONDS = 30;

    /** A run that comes to no end is a failure of liveness, as in a campaign. */
    static final String HANGS = "Patience";

    /** A check during which the memory of its JVM, which is small, is not enough. */
    static final String SWALLOWS = "Memory";

    /** How a JVM ends that has no memory left. */
    private static final int OUT_OF_MEMORY = 3;

    private final Path folder;
    private final Workshop workshop;

    /**
     * @param folder where classes and what the processes say may lie
     */
    Trials(Path folder, Workshop workshop) {
        this.folder = folder;
        this.workshop = workshop;
    }

    /** Looks for one mistake, for so many seconds by the clock at most. */
    Verdict run(Mistake mistake, long seconds) throws IOException, InterruptedException {
        Path classes = Files.createDirectories(folder.resolve(mistake.name()));
        synchronized (workshop) {
            workshop.make(mistake, classes);
        }
        return run(mistake, seconds, classes.toString());
    }

    /** The same without the mistake: nothing must fall. */
    Verdict runWithout(Mistake mistake, long seconds) throws IOException, InterruptedException {
        return run(mistake, seconds, "");
    }

    private Verdict run(Mistake mistake, long seconds, String classes)
            throws IOException, InterruptedException {
        Path said = folder.resolve(mistake.name() + ".out");
        long begunNanos = System.nanoTime();
        Process process = start(mistake, seconds, classes, said);
        try {
            if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
                boolean expected = mistake.falls().contains(HANGS);
                long cpuMillis = (seconds + GRACE_SECONDS) * 1000;
                return new Verdict(mistake, expected, HANGS, 1, cpuMillis);
            }
            if (process.exitValue() == OUT_OF_MEMORY) {
                boolean expected = mistake.falls().isEmpty() || mistake.falls().contains(SWALLOWS);
                long millis = (System.nanoTime() - begunNanos) / 1_000_000;
                return new Verdict(mistake, expected, SWALLOWS, 1, millis);
            }
            return verdict(mistake, Files.readAllLines(said));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Process start(Mistake mistake, long seconds, String classes, Path said)
            throws IOException {
        return new ProcessBuilder(command(mistake, seconds, classes))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    /** What a trial says whose classes lie in this folder. */
    static List<String> say(Mistake mistake, long seconds, Path classes, Path said)
            throws IOException, InterruptedException {
        start(mistake, seconds, classes.toString(), said).waitFor();
        return Files.readAllLines(said);
    }

    private static List<String> command(Mistake mistake, long seconds, String classes) {
        String separator = System.getProperty("path.separator");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx768m", "-XX:ActiveProcessorCount=1", "-XX:+UseSerialGC"));
        command.addAll(
                List.of("-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-cp"));
        String usual = System.getProperty("java.class.path");
        command.add(classes.isEmpty() ? usual : classes + separator + usual);
        command.add(Trial.class.getName());
        command.add(mistake.check().text());
        command.add(Long.toString(seconds));
        command.add(mistake.type());
        command.add(classes);
        command.addAll(mistake.falls());
        return command;
    }

    private static Verdict verdict(Mistake mistake, List<String> said) {
        for (String line : said) {
            boolean caught = line.startsWith(Trial.FELL);
            if (caught || line.startsWith(Trial.HELD)) {
                String[] told = line.substring(Trial.FELL.length()).split(" ", 3);
                int tried = Integer.parseInt(told[0]);
                return new Verdict(mistake, caught, told[2], tried, Long.parseLong(told[1]));
            }
        }
        throw new UncheckedIOException(
                new IOException(
                        mistake.name() + " came to no verdict:\n" + String.join("\n", said)));
    }
}
