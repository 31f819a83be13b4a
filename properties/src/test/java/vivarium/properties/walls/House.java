package vivarium.properties.walls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/**
 * Two houses with the same rooms: the one that ships, below {@code vivarium}, and the one with the
 * planted sins, below {@code vivarium.properties.walls.sins}. A wall is built for a root, so that
 * the very same wall stands in both.
 */
final class House {
    static final String SHIPS = "vivarium";
    static final String SINS = "vivarium.properties.walls.sins";

    private static final JavaClasses SHIPPED =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(SHIPS);

    private House() {}

    /** Fails with every place where what ships breaks the wall. */
    static void assertStands(ArchRule wall) {
        wall.check(SHIPPED);
    }

    /**
     * Fails unless the wall falls, and names each of the given places when it does. That a place is
     * named matters: a wall that found no class to look at would fall as well.
     */
    static void assertFalls(ArchRule wall, Class<?> sin, String... places) {
        List<String> falls =
                wall.evaluate(new ClassFileImporter().importClasses(sin))
                        .getFailureReport()
                        .getDetails();
        assertNames(falls, sin.getName());
        for (String place : places) {
            assertNames(falls, sin.getName() + "." + place);
        }
    }

    private static void assertNames(List<String> falls, String place) {
        assertTrue(
                falls.stream().anyMatch(fall -> fall.contains("<" + place)),
                () -> place + " is not among " + falls);
    }
}
