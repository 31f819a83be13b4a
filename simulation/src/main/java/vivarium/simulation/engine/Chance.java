package vivarium.simulation.engine;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The chance of one part of the world. Each part has a stream of its own, which depends on the seed
 * and the part's name only, so that one more draw in one part moves no other.
 */
public final class Chance {
    private static final long FNV_START = 0xcbf2_9ce4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01b3L;

    private final long origin;
    private final SplittableRandom random;

    private Chance(long origin) {
        this.origin = origin;
        this.random = new SplittableRandom(origin);
    }

    /** The stream of the part called {@code name} and numbered {@code index}. */
    public static Chance of(long seed, String name, long index) {
        long hash = FNV_START;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return new Chance(mix(seed + mix(hash + mix(index))));
    }

    /**
     * The stream of a part of this part. Whatever was drawn here or in another part before or is
     * drawn later moves nothing in it, so a new concern with a stream of its own leaves all others
     * as they were.
     */
    public Chance part(String name, long index) {
        return of(origin, name, index);
    }

    /** Spreads every bit over all others; the finalizer of SplitMix64. */
    static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }

    /** For those who want it as the JDK has it. */
    public RandomGenerator generator() {
        return random;
    }

    /** True with this probability. */
    public boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    /** A number from {@code least} to {@code most}, both included. */
    public long between(long least, long most) {
        return least + random.nextLong(most - least + 1);
    }

    /** A number from {@code least} to {@code most}, both included. */
    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** A time between events that come at random, {@code meanMicros} on average. */
    public long around(long meanMicros) {
        return (long) (-StrictMath.log(1 - random.nextDouble()) * meanMicros);
    }

    /**
     * When the first event comes of those that come at random, {@code weight} in a unit of time;
     * never for weight 0. Of several that race, each is the first as often as its weight says, and
     * one more in the race changes nothing but who is overtaken by it.
     */
    public double first(int weight) {
        return weight == 0
                ? Double.POSITIVE_INFINITY
                : -StrictMath.log(1 - random.nextDouble()) / weight;
    }

    /** A number over many orders of magnitude, each of them as likely as the others. */
    public long magnitude(long least, long most) {
        double low = StrictMath.log((double) least);
        return (long)
                StrictMath.exp(
                        low + random.nextDouble() * (StrictMath.log((double) (most + 1)) - low));
    }

    /** One of these. */
    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Any number. */
    public long bits() {
        return random.nextLong();
    }
}
