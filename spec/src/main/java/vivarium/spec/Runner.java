package vivarium.spec;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A process in which TLC does one thing after another: it is warm for the second, and the modules'
 * parser need not be loaded again.
 */
final class Runner implements AutoCloseable {
    private final Kind kind;
    private final Process process;
    private final BufferedWriter errands;
    private final BufferedReader answers;
    private final Path complaints;
    private final Path scratch;

    /**
     * What it is good for.
     *
     * @param module of which all errands are
     * @param heap as Java wants it
     * @param parallel whether more than one thread makes garbage
     * @param properties to be set in its process
     */
    record Kind(String module, String heap, boolean parallel, Map<String, String> properties) {}

    /**
     * @param folder where the specification is
     * @param work where it may make files
     */
    Runner(Kind kind, Path folder, Path work) throws IOException {
        this.kind = kind;
        this.scratch = Files.createTempDirectory(work, "runner");
        this.complaints = work.resolve(scratch.getFileName() + ".err");
        this.process =
                new ProcessBuilder(command())
                        .directory(folder.toFile())
                        .redirectError(complaints.toFile())
                        .start();
        this.errands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(kind.parallel() ? "-XX:+UseParallelGC" : "-XX:+UseSerialGC");
        command.add("-Xmx" + kind.heap());
        command.add("-Xss16m");
        // It unpacks its own modules there under fixed names: runs side by side must not share it.
        command.add("-Djava.io.tmpdir=" + scratch);
        command.add(
                "-DTLA-Library=" + String.join(File.pathSeparator, ".", "mc", "trace", "replay"));
        kind.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        Collections.addAll(
                command, "-cp", System.getProperty("java.class.path"), Errands.class.getName());
        return command;
    }

    Kind kind() {
        return kind;
    }

    /** For who has to end it from outside. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    /**
     * Has something done.
     *
     * @param output where what is printed goes
     * @return the exit code; if the process has ended instead, that of the process
     * @throws InterruptedException if this thread is interrupted; the process has ended then
     */
    int run(Path output, String tool, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> errand = new ArrayList<>(List.of(output.toString(), tool));
        errand.addAll(arguments);
        List<String> words = new ArrayList<>();
        FutureTask<String> answer = new FutureTask<>(answers::readLine);
        boolean answered = false;
        try {
            tell(String.join("\t", errand));
            Thread.ofVirtual().start(answer);
            String line = answer.get();
            if (line != null && line.matches("\\d+")) {
                answered = true;
                return Integer.parseInt(line);
            }
            // Of what Java says when it can't even begin, some comes where answers do.
            for (; line != null; line = answers.readLine()) {
                words.add(line);
            }
        } catch (ExecutionException e) {
            throw new IOException("no answer", e.getCause());
        } finally {
            if (!answered) {
                process.destroyForcibly();
            }
        }
        int exitCode = process.waitFor();
        words.addAll(Files.readAllLines(complaints));
        Files.write(output, words, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return exitCode;
    }

    private void tell(String errand) throws IOException {
        try {
            errands.write(errand + "\n");
            errands.flush();
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            // It has ended before it was told anything; why is read off what it has said.
        }
    }

    /** As if this process had ended: nothing is asked of it any more. */
    void leave() throws IOException {
        errands.close();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Trees.delete(scratch);
        Files.deleteIfExists(complaints);
    }
}
