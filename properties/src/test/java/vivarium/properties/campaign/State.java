package vivarium.properties.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The state of a campaign as it lies on the disk. */
record State(List<String> lines) {
    static State of(Path report) throws IOException {
        return new State(Files.readAllLines(report.resolve("campaign.state")));
    }

    static boolean exists(Path report) {
        return Files.exists(report.resolve("campaign.state"));
    }

    long number(String name) {
        return Long.parseLong(all(name).getFirst());
    }

    /** What stands behind a word, of each line that begins with it. */
    List<String> all(String word) {
        return lines.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1))
                .toList();
    }

    /** All that the seeds decide: not how long it took, and not in which order they came. */
    List<String> outcome() {
        return lines.stream().filter(line -> !line.startsWith("elapsed-millis ")).sorted().toList();
    }
}
