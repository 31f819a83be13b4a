package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Chromium without a window, to see what people would see. */
final class Browser {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final int LIMIT_SECONDS = 90;

    private final Path program;
    private final Path folder;

    private Browser(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** The browser of this machine; where there is none the test is skipped. */
    static Browser orSkip(Path folder) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        Path program =
                Stream.of(path.split(":", -1))
                        .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(Path.of(""));
        assumeTrue(
                Files.isExecutable(program) && Files.isRegularFile(program),
                "none of " + NAMES + " is installed: nobody looks at the pages here");
        return new Browser(program, folder);
    }

    /** The page as the browser holds it when its scripts have run. */
    String read(Path page, String view) throws IOException, InterruptedException {
        Path output = folder.resolve("dom.html");
        open(page, view, List.of("--dump-dom"), output);
        return Files.readString(output);
    }

    /** The page as it is seen. */
    BufferedImage look(Path page, String view) throws IOException, InterruptedException {
        Path picture = folder.resolve("picture.png");
        Files.deleteIfExists(picture);
        open(page, view, List.of("--screenshot=" + picture), folder.resolve("shot.out"));
        return Objects.requireNonNull(ImageIO.read(picture.toFile()));
    }

    private void open(Path page, String view, List<String> what, Path output)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(
                List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--window-size=1400,900",
                        "--virtual-time-budget=5000",
                        "--user-data-dir=" + folder.resolve("browser")));
        command.addAll(what);
        command.add(page.toUri() + (view.isEmpty() ? "" : "#" + view));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(folder.resolve("browser.err").toFile())
                        .start();
        try {
            assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "the browser hangs");
        } finally {
            process.destroyForcibly();
        }
    }
}
