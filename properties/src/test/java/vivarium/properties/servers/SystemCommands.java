package vivarium.properties.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands that change the machine: most need rights that not everybody has. */
final class SystemCommands {
    private SystemCommands() {}

    /** Whether {@code command} could be run, and said that it went well. */
    static boolean succeeds(String... command) {
        try {
            return run(command).isEmpty();
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * Runs {@code command}, which must go well.
     *
     * @throws IllegalStateException with what it said, if it doesn't
     */
    static void must(String... command) {
        try {
            String complaint = run(command);
            if (!complaint.isEmpty()) {
                throw new IllegalStateException(complaint);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it complained of; empty if it went well. */
    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int code = process.waitFor();
            return code == 0 ? "" : List.of(command) + " gave " + code + ": " + said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
