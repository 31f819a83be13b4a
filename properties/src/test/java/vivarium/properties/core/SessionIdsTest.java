package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import vivarium.core.session.SessionIds;
import vivarium.core.tree.Owner;

/** Ids of sessions, whichever server makes them, and whatever its clock says. */
class SessionIdsTest {
    private static final int ID_BITS = 56;
    private static final long NOW = 1_700_000_000_000L;

    /** The last 40 bits of milliseconds that there are, and the first. */
    private static final long[] CLOCKS = {NOW, (1L << 40) - 1, 1L << 40, 0, NOW | 1L << 39};

    private static SessionIds of(long sid, long wallMillis) {
        SessionIds ids = new SessionIds(sid);
        ids.start(wallMillis);
        return ids;
    }

    /** The years in which ZooKeeper may be of use: 2000 to 2150. */
    @Provide
    Arbitrary<Long> clocks() {
        return Arbitraries.longs().between(946_684_800_000L, 5_680_281_600_000L);
    }

    /** So no two servers of an ensemble make the same, those with ids above 127 included. */
    @Property
    void theTopByteIsTheServersIdAndNothingElse(
            @ForAll @IntRange(min = 1, max = 255) int sid, @ForAll("clocks") long wallMillis) {
        SessionIds ids = new SessionIds(sid);
        ids.start(wallMillis);
        for (int i = 0; i < 10; i++) {
            assertEquals(sid, ids.next() >>> ID_BITS);
        }
    }

    /** So a server that has been down makes none that it made before. */
    @Property
    void aLaterClockBeginsBehindAllThatWasMadeBefore(
            @ForAll @IntRange(min = 1, max = 255) int sid, @ForAll("clocks") long wallMillis) {
        SessionIds before = new SessionIds(sid);
        before.start(wallMillis);
        SessionIds after = new SessionIds(sid);
        after.start(wallMillis + 1);
        long first = after.next();
        for (int i = 0; i < 1_000; i++) {
            assertTrue(Long.compareUnsigned(before.next(), first) < 0);
        }
    }

    @Property
    void aServerThatLeadsAgainMakesNewOnesThoughItsClockWasSet(
            @ForAll @Size(min = 1, max = 8) List<@From("clocks") Long> clocks) {
        SessionIds ids = new SessionIds(3);
        long last = 0;
        for (long wallMillis : clocks) {
            ids.start(wallMillis);
            for (int i = 0; i < 3; i++) {
                long next = ids.next();
                assertTrue(Long.compareUnsigned(last, next) < 0, () -> "again after " + wallMillis);
                last = next;
            }
        }
    }

    @Test
    void noneOwnsAZnodeAsAContainerATimeToLiveOrNobodyDoes() {
        for (long sid = 1; sid <= 254; sid++) {
            for (long clock : CLOCKS) {
                SessionIds ids = of(sid, clock);
                for (int i = 0; i < 3; i++) {
                    long id = ids.next();
                    assertNotEquals(Owner.NONE, id);
                    assertNotEquals(Owner.CONTAINER, id);
                    assertFalse(Owner.isTtl(id), Long.toHexString(id));
                    assertEquals(id, Owner.session(id, true));
                }
            }
        }
        // Why a server with this id does not start where there are times to live.
        assertTrue(Owner.isTtl(of(255, NOW).next()));
        assertEquals(Owner.CONTAINER + 1, of(128, 0).next());
    }
}
