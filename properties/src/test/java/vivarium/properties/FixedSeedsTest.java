package vivarium.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A build draws what the build before it drew, unless it is told to draw anew. */
final class FixedSeedsTest {
    private static final List<Long> DRAWN = new ArrayList<>();
    private final String told = System.getProperty(FixedSeeds.KEY, "");

    /** Run by hand only. */
    static final class Drawing {
        @Property(tries = 50)
        void anyNumberWillDo(@ForAll long number) {
            DRAWN.add(number);
        }
    }

    @AfterEach
    void tellWhatWasTold() {
        tell(told);
    }

    private static void tell(String seed) {
        if (seed.isEmpty()) {
            System.clearProperty(FixedSeeds.KEY);
        } else {
            System.setProperty(FixedSeeds.KEY, seed);
        }
    }

    private static List<Long> draw(String seed) {
        tell(seed);
        DRAWN.clear();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(Drawing.class))
                                .configurationParameter("jqwik.database", "")
                                .build());
        assertEquals(50, DRAWN.size());
        return List.copyOf(DRAWN);
    }

    @Test
    void twoBuildsDrawTheSame() {
        assertEquals(draw(""), draw(""));
    }

    @Test
    void anotherSeedDrawsSomethingElseAndTheSameEachTime() {
        assertNotEquals(draw(""), draw("7"));
        assertEquals(draw("7"), draw("7"));
    }

    @Test
    void freshSeedsDrawAnew() {
        assertNotEquals(draw("fresh"), draw("fresh"));
    }
}
