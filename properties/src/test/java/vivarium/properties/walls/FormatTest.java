package vivarium.properties.walls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every source is formatted as the formatter would have it. Maven's plugin says so too, but only
 * where Maven itself runs on a newer JVM; this test holds everywhere. To repair what it finds:
 * {@code mvn spotless:apply}, with {@code JAVA_HOME} at a JDK 21 or later.
 */
class FormatTest {
    /** The parts of the compiler that the formatter looks into. */
    private static final List<String> PARTS =
            List.of("api", "code", "file", "parser", "tree", "util");

    @TempDir private Path scratch;

    @Test
    void everySourceIsFormatted() throws Exception {
        List<Path> sources = new ArrayList<>();
        for (Path source : Sources.ofTheHouse()) {
            if (source.toString().endsWith(".java")) {
                sources.add(source);
            }
        }
        assertFalse(sources.isEmpty());
        assertEquals(List.of(), unformatted(sources));
    }

    @Test
    void aSourceThatIsNotFormattedIsNamed() throws Exception {
        Path good = Files.writeString(scratch.resolve("Good.java"), "class Good {}\n");
        Path bad = Files.writeString(scratch.resolve("Bad.java"), "class Bad\n{ }\n");
        Path broken = Files.writeString(scratch.resolve("Broken.java"), "class Broken {\n");
        assertEquals(List.of(bad.toString()), unformatted(List.of(good, bad)));
        assertFalse(unformatted(List.of(broken)).isEmpty());
    }

    /**
     * Runs the formatter in a process of its own, for which the compiler is opened, and returns
     * what it prints: the names of files that are not as it would have them, and what it cannot
     * read.
     */
    private List<String> unformatted(List<Path> sources) throws IOException, InterruptedException {
        Path arguments = scratch.resolve("sources");
        Files.write(arguments, sources.stream().map(Path::toString).toList());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String part : PARTS) {
            command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + part + "=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "--aosp", "--dry-run", "@" + arguments));
        Process formatter = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (Stream<String> lines = formatter.inputReader(UTF_8).lines()) {
            return lines.toList();
        } finally {
            formatter.waitFor();
        }
    }
}
