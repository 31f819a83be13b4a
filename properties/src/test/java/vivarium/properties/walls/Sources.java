package vivarium.properties.walls;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All text of the house that people write. */
final class Sources {
    /** Maven and the usual editors run a module's tests in the module's folder. */
    static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> TEXT =
            Set.of("java", "xml", "md", "tla", "cfg", "scenario", "properties", "sh", "html");

    private Sources() {}

    /** Without what a build made, and without dot-folders. */
    static List<Path> ofTheHouse() throws IOException {
        var sources = new ArrayList<Path>();
        Files.walkFileTree(
                HOUSE,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        String name = String.valueOf(folder.getFileName());
                        return name.equals("target") || name.startsWith(".")
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String name = String.valueOf(file.getFileName());
                        int dot = name.lastIndexOf('.');
                        // A name without a dot is a front door's.
                        if (dot < 0 || TEXT.contains(name.substring(dot + 1))) {
                            sources.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return sources;
    }
}
