package vivarium.properties.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import vivarium.properties.servers.Brand;

/**
 * A comparison that cannot fail proves nothing: Apache's server is compared with itself, and one of
 * the two is misheard.
 */
class PlantedMistakesTest {

    private static final int CONVERSATIONS = 100;

    @Property(
            tries = 1,
            seed = "20261122",
            edgeCases = EdgeCasesMode.NONE,
            generation = GenerationMode.RANDOMIZED,
            shrinking = ShrinkingMode.OFF)
    void everyPlantedMistakeIsNoticed(@ForAll("conversations") List<List<Step>> conversations)
            throws IOException {
        Set<PlantedMistake> unnoticed = EnumSet.allOf(PlantedMistake.class);
        try (var servers = new TwoServers(Brand.APACHE)) {
            for (List<Step> conversation : conversations) {
                for (PlantedMistake mistake : List.copyOf(unnoticed)) {
                    String difference = servers.firstDifference(conversation, mistake.ear());
                    if (!difference.isEmpty()) {
                        assertTrue(difference.contains("HERE THEY DIFFER"), difference);
                        unnoticed.remove(mistake);
                    }
                }
                if (unnoticed.isEmpty()) {
                    return;
                }
            }
        }
        assertEquals(new ArrayList<PlantedMistake>(), new ArrayList<>(unnoticed));
    }

    /** An expiry takes seconds, each conversation is held many times, and no mistake needs one. */
    @Provide
    Arbitrary<List<List<Step>>> conversations() {
        return Conversations.conversation()
                .filter(steps -> steps.stream().noneMatch(Step.Expire.class::isInstance))
                .list()
                .ofSize(CONVERSATIONS);
    }
}
