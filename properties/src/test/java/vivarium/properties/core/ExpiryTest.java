package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vivarium.core.LongMap;
import vivarium.core.session.Expiry;

/** No session ends before its time-out has passed, none more than a tick after it. */
final class ExpiryTest {
    private static final int TICK = 100;

    @Test
    void sessionsExpireBetweenTheirTimeoutAndOneTickLater() {
        Seeds.each(
                300,
                random -> {
                    Expiry expiry = new Expiry(TICK);
                    TreeMap<Long, Long> due = new TreeMap<>();
                    long now = random.nextInt(1000);
                    for (int i = 0; i < 500; i++) {
                        long deadline = expiry.deadlineMillis();
                        now = Math.min(now + random.nextInt(2 * TICK), Math.max(now, deadline));
                        for (long id : expiry.expire(now)) {
                            Long bound = due.remove(id);
                            assertTrue(bound != null && bound <= now, "early");
                            expiry.remove(id);
                        }
                        for (long bound : due.values()) {
                            assertTrue(now <= bound + TICK, "late");
                        }
                        long id = random.nextInt(10);
                        int timeout = 50 + random.nextInt(500);
                        if (due.containsKey(id)) {
                            assertTrue(expiry.touch(now, id, timeout));
                            // A touch never takes back what was granted before, to the bucket.
                            due.merge(id, now + timeout, Math::max);
                        } else {
                            assertFalse(expiry.touch(now, id, timeout));
                            expiry.track(now, id, timeout);
                            due.put(id, now + timeout);
                        }
                    }
                });
    }

    @Test
    void aMapOfLongsIsAMap() {
        Seeds.each(
                100,
                random -> {
                    LongMap<String> map = new LongMap<>();
                    TreeMap<Long, String> plain = new TreeMap<>();
                    for (int i = 0; i < 2_000; i++) {
                        long key = random.nextInt(300) * (random.nextBoolean() ? 1L : 1L << 40);
                        if (random.nextInt(3) == 0) {
                            assertEquals(plain.remove(key), map.remove(key));
                        } else {
                            assertEquals(plain.put(key, "v" + i), map.put(key, "v" + i));
                        }
                        assertEquals(plain.size(), map.size());
                        long other = random.nextInt(300);
                        assertEquals(plain.get(other), map.get(other));
                    }
                    assertEquals(
                            plain.keySet().stream().toList(),
                            java.util.Arrays.stream(map.sortedKeys()).boxed().toList());
                });
    }
}
