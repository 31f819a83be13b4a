package vivarium.properties.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a search has found once is tried in every build; {@code mvn verify -P fuzz} searches on. */
class WireTargetTest {
    private static final Path CORPUS =
            Path.of("src/test/resources/vivarium/properties/fuzz").toAbsolutePath();

    /** For how long: {@code -Dfuzz.seconds=N}. */
    private static final long SECONDS = Long.getLong("fuzz.seconds", 60);

    @Test
    void allThatWasFoundIsReadOrRefused() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            List<Path> found = files.toList();
            assertTrue(found.size() >= WireTarget.KINDS, found.size() + " files");
            for (Path file : found) {
                WireTarget.fuzzerTestOneInput(Files.readAllBytes(file));
            }
        }
    }

    @Test
    @Tag("fuzz")
    void aSearchByWhatIsReachedFindsNothing(@TempDir Path folder) throws Exception {
        Path found = Files.createDirectories(folder.resolve("found"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("--sun-misc-unsafe-memory-access=allow"));
        command.add("-XX:+EnableDynamicAgentLoading");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.add("--target_class=" + WireTarget.class.getName());
        command.add("--instrumentation_includes=vivarium.**");
        command.add("--reproducer_path=" + folder);
        command.add("-max_total_time=" + SECONDS);
        command.add("-artifact_prefix=" + folder + "/");
        command.addAll(List.of(found.toString(), CORPUS.toString()));
        Path said = folder.resolve("said");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            assertTrue(process.waitFor(SECONDS + 120, TimeUnit.SECONDS), "it does not end");
            String told = Files.readString(said);
            assertEquals(0, process.exitValue(), told);
            System.out.println(told.lines().toList().getLast());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
