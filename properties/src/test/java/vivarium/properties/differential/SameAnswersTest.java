package vivarium.properties.differential;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import vivarium.properties.servers.Brand;

/**
 * Apache's server and the server under test answer every drawn conversation alike. The number of
 * tries is {@code jqwik.tries.default}, a system property.
 */
class SameAnswersTest {

    private static @Nullable TwoServers servers;

    @BeforeContainer
    static void prepare() {
        servers = new TwoServers(Brand.underTest());
    }

    @AfterContainer
    static void stop() throws IOException {
        if (servers != null) {
            servers.close();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    void everyReplyAndEveryEventIsTheSameInTheSameOrder(
            @ForAll("conversations") List<Step> conversation) throws IOException {
        if (servers == null) {
            throw new IllegalStateException("no servers");
        }
        String difference = servers.firstDifference(conversation, Ear.faithful());
        if (!difference.isEmpty()) {
            servers.close();
            fail("the servers differ:\n" + difference);
        }
    }

    @Provide
    Arbitrary<List<Step>> conversations() {
        return Conversations.conversation();
    }
}
