package vivarium.properties.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vivarium.properties.servers.Brand;

/**
 * Apache's server and the server under test answer every drawn conversation alike. For how long,
 * and with which seed, system properties say; without them it is half a minute and a fresh seed.
 */
class SameAnswersTest {

    private static final int SECONDS = Integer.getInteger("differential.seconds", 30);
    private static final long SEED =
            Long.getLong("differential.seed", new SecureRandom().nextInt(Integer.MAX_VALUE));

    @Test
    @Timeout(3600)
    void everyReplyAndEveryEventIsTheSameInTheSameOrder() throws IOException {
        System.out.println("SameAnswersTest: -Ddifferential.seed=" + SEED);
        try (var servers = new TwoServers(Brand.underTest())) {
            var comparison = new Comparison(servers, SEED);
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            String difference = comparison.firstDifference(() -> System.nanoTime() < end);
            assertEquals("", difference, () -> "the servers differ:\n" + difference);
            System.out.println(comparison.conversations() + " conversations were the same");
            assertTrue(comparison.conversations() > 0);
        }
    }
}
