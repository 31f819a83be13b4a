package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.core.PhaseName;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.EnsembleInProcess;

/** Two of three new servers are no quorum by themselves: one of them may have lost its disk. */
class NewEnsembleTest {

    @TempDir Path directory = Path.of("");

    @Test
    void aNewEnsembleBeginsWhenAllVotersAreThere() throws Exception {
        try (var ensemble = new EnsembleInProcess(directory, 3)) {
            ensemble.start(1);
            ensemble.start(2);
            Await.until(
                    "two have found each other",
                    () -> ensemble.server(2).status().phase() == PhaseName.LEADER_DISCOVERY);
            assertFalse(ensemble.server(1).serving().isDone());
            ensemble.start(3);
            ensemble.awaitSettled();
        }
    }

    @Test
    void orWhenItsOperatorSaysThatTheyAreNew() throws Exception {
        try (var ensemble = new EnsembleInProcess(directory, 3)) {
            for (long sid = 1; sid <= 2; sid++) {
                Path data = Files.createDirectories(directory.resolve("data" + sid));
                Files.createFile(data.resolve("initialize"));
            }
            ensemble.start(1);
            ensemble.start(2);
            ensemble.awaitSettled();
            for (long sid = 1; sid <= 2; sid++) {
                Path file = directory.resolve("data" + sid).resolve("initialize");
                Await.until(
                        "its word is for one start",
                        Duration.ofSeconds(10),
                        () -> !Files.exists(file));
            }
            assertTrue(ensemble.server(1).serving().isDone());
        }
    }
}
