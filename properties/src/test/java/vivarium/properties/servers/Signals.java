package vivarium.properties.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Signals that Java has no words for. */
public final class Signals {
    private Signals() {}

    /**
     * SIGSTOP. Returns when nothing of the process runs: on a busy machine its threads may go on
     * for a while after the signal was sent.
     */
    public static void freeze(long pid) throws Exception {
        signal("-STOP", pid);
        Path tasks = Path.of("/proc", "" + pid, "task");
        if (Files.exists(tasks)) {
            Await.until("all threads of " + pid + " stand still", () -> allStopped(tasks));
        }
    }

    private static boolean allStopped(Path tasks) throws IOException {
        try (var all = Files.list(tasks)) {
            for (Path task : all.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                // The name of the thread, which comes before its state, may have anything in it.
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException _) {
            return false; // a thread has just ended
        }
    }

    /** SIGCONT. */
    public static void thaw(long pid) throws IOException, InterruptedException {
        signal("-CONT", pid);
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", name, "" + pid).start().waitFor();
        if (code != 0) {
            throw new AssertionError("kill " + name + " gave " + code);
        }
    }
}
