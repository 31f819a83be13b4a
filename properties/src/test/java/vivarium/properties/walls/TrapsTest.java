package vivarium.properties.walls;

import static vivarium.properties.walls.House.assertFalls;
import static vivarium.properties.walls.House.assertStands;

import org.junit.jupiter.api.Test;
import vivarium.properties.walls.sins.core.Chance;
import vivarium.properties.walls.sins.core.Statics;
import vivarium.properties.walls.sins.simulation.Hashes;
import vivarium.properties.walls.sins.storage.Threads;
import vivarium.properties.walls.sins.wire.Clocks;

/** Nothing in the simulated rooms makes two runs of one seed differ; and each trap snaps. */
class TrapsTest {
    private static final Traps HOUSE = new Traps(House.SHIPS);
    private static final Traps SINS = new Traps(House.SINS);

    @Test
    void noClockIsRead() {
        assertStands(HOUSE.noClock());
        assertFalls(SINS.noClock(), Clocks.class, "millis", "nanos", "instant", "clock", "date");
    }

    @Test
    void thereIsNoThreadAndNothingToShareWithOne() {
        assertStands(HOUSE.noThread());
        assertFalls(
                SINS.noThread(),
                Threads.class,
                "thread",
                "local",
                "executor",
                "lock",
                "atomic",
                "map",
                "timer");
    }

    @Test
    void nobodyWaitsAndNobodyNotifies() {
        assertStands(HOUSE.noWaiting());
        assertFalls(SINS.noWaiting(), Threads.class, "waits", "notifies", "notifiesAll");
    }

    @Test
    void nothingIsSynchronized() {
        assertStands(HOUSE.noSynchronizedMethod());
        assertFalls(SINS.noSynchronizedMethod(), Threads.class, "synchronizedMethod");
        assertStands(HOUSE.noSynchronizedBlock());
        assertFalls(SINS.noSynchronizedBlock(), Threads.class, "synchronizedBlock");
    }

    @Test
    void nothingIsVolatile() {
        assertStands(HOUSE.noVolatileField());
        assertFalls(SINS.noVolatileField(), Threads.class, "seenByAll");
    }

    @Test
    void chanceComesFromASeed() {
        assertStands(HOUSE.noChanceWithoutASeed());
        assertFalls(
                SINS.noChanceWithoutASeed(),
                Chance.class,
                "random",
                "math",
                "uuid",
                "secure",
                "generator",
                "named",
                "factory",
                "splittable",
                "shuffle");
    }

    @Test
    void noIdentityIsHashed() {
        assertStands(HOUSE.noIdentityHash());
        assertFalls(SINS.noIdentityHash(), Hashes.class, "identity", "ofAnEnum", "ofAnObject");
    }

    @Test
    void noCollectionIsOrderedByHashes() {
        assertStands(HOUSE.noHashedCollection());
        assertFalls(
                SINS.noHashedCollection(),
                Hashes.class,
                "hashMap",
                "hashSet",
                "hashtable",
                "identityMap",
                "weakMap");
    }

    @Test
    void noCollectionHasAnOrderThatDiffersFromJvmToJvm() {
        assertStands(HOUSE.noSaltedCollection());
        assertFalls(
                SINS.noSaltedCollection(),
                Hashes.class,
                "setOf",
                "setCopy",
                "mapOf",
                "mapCopy",
                "mapOfEntries");
    }

    @Test
    void noStreamIsCollectedByHashes() {
        assertStands(HOUSE.noHashingCollector());
        assertFalls(
                SINS.noHashingCollector(),
                Hashes.class,
                "toSet",
                "toMap",
                "grouping",
                "concurrent");
    }

    @Test
    void noStreamIsParallel() {
        assertStands(HOUSE.noParallelStream());
        assertFalls(SINS.noParallelStream(), Threads.class, "parallelStream", "parallel", "sort");
    }

    @Test
    void noStaticChanges() {
        assertStands(HOUSE.noStaticThatChanges());
        assertFalls(
                SINS.noStaticThatChanges(), Statics.class, "counter", "CACHE", "SEEN", "BUFFER");
    }
}
