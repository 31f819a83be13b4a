package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import vivarium.core.session.SessionIds;
import vivarium.core.tree.Owner;

/** No two sessions have one id, and none looks like something else in a znode's owner. */
class SessionIdsTest {
    private static final long NOW = 1_700_000_000_000L;

    /** The last 40 bits of milliseconds that there are, and the first. */
    private static final long[] CLOCKS = {NOW, (1L << 40) - 1, 1L << 40, 0, NOW | 1L << 39};

    private static SessionIds of(long sid, long wallMillis) {
        SessionIds ids = new SessionIds(sid);
        ids.start(wallMillis);
        return ids;
    }

    @Test
    void theTopByteOfEachIsItsServersId() {
        for (long sid = 0; sid <= 255; sid++) {
            for (long clock : CLOCKS) {
                SessionIds ids = of(sid, clock);
                for (int i = 0; i < 3; i++) {
                    assertEquals(sid, ids.next() >>> 56);
                }
            }
        }
    }

    @Test
    void noneIsMadeTwice() {
        TreeSet<Long> made = new TreeSet<>();
        int count = 0;
        for (long sid = 1; sid <= 255; sid++) {
            SessionIds ids = of(sid, NOW);
            for (int i = 0; i < 100; i++) {
                made.add(ids.next());
                count++;
            }
            // The clock was set back, then on; then the process was started again a bit later.
            ids.start(NOW);
            made.add(ids.next());
            ids.start(NOW + 1);
            made.add(ids.next());
            made.add(of(sid, NOW + 2).next());
            count += 3;
        }
        assertEquals(count, made.size());
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
