package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** No fact is without its test. */
class FactsTest {

    private static Stream<JavaMethod> showing(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Shows.class));
    }

    @Test
    void eachIsShownByATest() {
        JavaClasses classes = new ClassFileImporter().importPackages("vivarium.properties");
        Set<Fact> missing = EnumSet.allOf(Fact.class);
        showing(classes)
                .forEach(method -> {
                    assertTrue(
                            method.isAnnotatedWith(Test.class)
                                    || method.isAnnotatedWith(ParameterizedTest.class),
                            () -> method.getFullName() + " is no test");
                    missing.removeAll(List.of(method.getAnnotationOfType(Shows.class).value()));
                });
        assertEquals(Set.of(), missing);
    }
}
