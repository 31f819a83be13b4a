package vivarium.properties.walls;

import static vivarium.properties.walls.House.assertFalls;
import static vivarium.properties.walls.House.assertStands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vivarium.properties.walls.sins.attic.Forgotten;
import vivarium.properties.walls.sins.benchmarks.Trespasser;
import vivarium.properties.walls.sins.core.Effects;
import vivarium.properties.walls.sins.core.KnowingTooMuch;
import vivarium.properties.walls.sins.core.Meddler;
import vivarium.properties.walls.sins.core.OpeningFiles;
import vivarium.properties.walls.sins.core.Reflecting;
import vivarium.properties.walls.sins.core.zab.SecondPhase;
import vivarium.properties.walls.sins.server.AsksApache;
import vivarium.properties.walls.sins.server.HoldsAChannel;

/** Each room imports what it may and no more; and each wall falls on a sin. */
class RoomsTest {
    private static final Rooms HOUSE = new Rooms(House.SHIPS);
    private static final Rooms SINS = new Rooms(House.SINS);

    static Iterable<String> rooms() {
        return Rooms.names();
    }

    @Test
    void everyClassLivesInARoom() {
        assertStands(HOUSE.everyClassLivesInARoom());
        assertFalls(SINS.everyClassLivesInARoom(), Forgotten.class);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertStands(HOUSE.everyPackageIsNullMarked());
        assertFalls(SINS.everyPackageIsNullMarked(), Forgotten.class);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomImportsOnlyWhatItMay(String room) {
        assertStands(HOUSE.importsOnlyWhatItMay(room));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void theWallAroundARoomFallsOnItsTrespasser(String room) throws ClassNotFoundException {
        Class<?> trespasser = Class.forName(House.SINS + "." + room + ".Trespasser");
        assertFalls(SINS.importsOnlyWhatItMay(room), trespasser, "enters");
    }

    @Test
    void nobodyImportsTheServer() {
        assertStands(HOUSE.nobodyImportsTheServer());
        assertFalls(SINS.nobodyImportsTheServer(), Trespasser.class, "enters");
    }

    @Test
    void nettyLivesInNetOnly() {
        assertStands(HOUSE.nettyLivesInNetOnly());
        assertFalls(SINS.nettyLivesInNetOnly(), HoldsAChannel.class, "holds");
    }

    @Test
    void apachesTypesLiveInPluginsOnly() {
        assertStands(HOUSE.apachesTypesLiveInPluginsOnly());
        assertFalls(SINS.apachesTypesLiveInPluginsOnly(), AsksApache.class, "asks");
    }

    @Test
    void theCoreKnowsLittleOfTheJdk() {
        assertStands(HOUSE.theCoreKnowsLittleOfTheJdk());
        assertFalls(
                SINS.theCoreKnowsLittleOfTheJdk(),
                KnowingTooMuch.class,
                "waitsInAQueue",
                "handles",
                "otherChecksums",
                "streams",
                "logs");
    }

    @Test
    void theCoreReflectsOnNothing() {
        assertStands(HOUSE.theCoreReflectsOnNothing());
        assertFalls(SINS.theCoreReflectsOnNothing(), Reflecting.class, "byName", "members");
    }

    @Test
    void noFileAndNoSocketBeforeTheServer() {
        assertStands(HOUSE.noFileAndNoSocketBeforeTheServer());
        assertFalls(
                SINS.noFileAndNoSocketBeforeTheServer(),
                OpeningFiles.class,
                "path",
                "file",
                "socket",
                "channel");
    }

    @Test
    void everyEffectReturnsVoid() {
        assertStands(HOUSE.everyEffectReturnsVoid());
        assertFalls(SINS.everyEffectReturnsVoid(), Effects.class, "append");
    }

    @Test
    void onlyThePeerAssignsItsPhase() {
        assertStands(HOUSE.onlyThePeerAssignsItsPhase());
        assertFalls(SINS.onlyThePeerAssignsItsPhase(), Meddler.class, "meddle");
    }

    @Test
    void onlyThePeerHasAPhaseThatChanges() {
        assertStands(HOUSE.onlyThePeerHasAPhaseThatChanges());
        assertFalls(SINS.onlyThePeerHasAPhaseThatChanges(), SecondPhase.class, "phase");
    }
}
