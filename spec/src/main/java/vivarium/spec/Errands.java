package vivarium.spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import tlc2.TLC;
import tlc2.TLCGlobals;
import tlc2.output.EC;
import tlc2.tool.AbstractChecker;
import util.SimpleFilenameToStream;
import util.ToolIO;

/**
 * The other side of a {@link Runner}: does what it is told, one errand after another, and answers
 * each with an exit code. An errand is a line: where to put what is printed, which tool, and its
 * arguments, with tabs between them.
 *
 * <p>TLC keeps much in statics, which stand in nobody's way as long as all errands are of one
 * module. It ends with whom it works for: then there is nobody left to read the answer.
 */
public final class Errands {
    static final String CHECK = "check";
    static final String EXPLORE = "explore";

    /** How often a checkpoint is made; none if it is not set. */
    static final String CHECKPOINT_MILLIS = "checkpoint.millis";

    /** What a shell says of a process that was killed. */
    private static final int KILLED = 137;

    private static final int FIRST_ARGUMENT = 2;
    private static final int FAILED = 1;

    private Errands() {}

    /** Runs by itself. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream answers = System.out;
        LinkedBlockingQueue<String> errands = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().start(() -> listen(errands));
        long checkpointMillis = Long.getLong(CHECKPOINT_MILLIS, 0);
        if (checkpointMillis > 0) {
            Thread.ofPlatform().daemon().start(() -> makeCheckpoints(checkpointMillis));
        }
        while (true) {
            String[] words = errands.take().split("\t", -1);
            String[] rest = new String[words.length - FIRST_ARGUMENT];
            System.arraycopy(words, FIRST_ARGUMENT, rest, 0, rest.length);
            int exitCode;
            try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(words[0])))) {
                System.setOut(out);
                System.setErr(out);
                ToolIO.out = out;
                ToolIO.err = out;
                exitCode = run(words[1], rest);
            }
            answers.println(exitCode);
            answers.flush();
        }
    }

    private static int run(String tool, String[] arguments) {
        try {
            return switch (tool) {
                case CHECK -> check(arguments);
                case EXPLORE -> {
                    Explorer.explore(arguments);
                    yield 0;
                }
                default -> throw new IllegalArgumentException("nothing is called " + tool);
            };
        } catch (IOException | RuntimeException e) {
            e.printStackTrace(System.out);
            return FAILED;
        }
    }

    private static int check(String[] arguments) {
        TLC checker = new TLC();
        if (!checker.handleParameters(arguments)) {
            return FAILED;
        }
        checker.setResolver(new SimpleFilenameToStream());
        return EC.ExitStatus.errorConstantToExitStatus(checker.process());
    }

    private static void listen(LinkedBlockingQueue<String> errands) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                errands.add(line);
            }
        } catch (IOException e) {
            e.printStackTrace(System.err);
        }
        Runtime.getRuntime().halt(KILLED);
    }

    /** TLC asks once a minute whether it is time for one, unless it is woken. */
    private static void makeCheckpoints(long everyMillis) {
        while (true) {
            try {
                Thread.sleep(everyMillis);
            } catch (InterruptedException _) {
                return;
            }
            AbstractChecker running = TLCGlobals.mainChecker;
            if (running != null) {
                TLCGlobals.forceChkpt();
                synchronized (running) {
                    running.notifyAll();
                }
            }
        }
    }
}
