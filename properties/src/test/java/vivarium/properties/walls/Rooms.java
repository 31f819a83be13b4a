package vivarium.properties.walls;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaFieldAccess.AccessType;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.NullMarked;

/** The rooms of the house below one root, and the walls between them. */
final class Rooms {
    private static final String ALL_OF_CORE = "core..";

    /** A room, and the rooms that it may import besides itself. */
    private static final Map<String, List<String>> MAY_IMPORT = new LinkedHashMap<>();

    static {
        // The root of the core is its vocabulary, which names what the rooms inside are about.
        MAY_IMPORT.put("core", List.of(ALL_OF_CORE));
        MAY_IMPORT.put("core.tree", List.of("core", "core.watch"));
        MAY_IMPORT.put("core.watch", List.of("core", "core.tree"));
        MAY_IMPORT.put("core.txn", List.of("core", "core.tree"));
        MAY_IMPORT.put("core.session", List.of("core", "core.tree", "core.txn", "core.watch"));
        MAY_IMPORT.put("core.election", List.of("core"));
        MAY_IMPORT.put("core.zab", List.of(ALL_OF_CORE));
        MAY_IMPORT.put("wire", List.of(ALL_OF_CORE));
        MAY_IMPORT.put("storage", List.of(ALL_OF_CORE, "wire"));
        MAY_IMPORT.put("measures", List.of(ALL_OF_CORE));
        MAY_IMPORT.put("net", List.of(ALL_OF_CORE, "wire", "measures"));
        MAY_IMPORT.put("plugins", List.of(ALL_OF_CORE));
        MAY_IMPORT.put(
                "server", List.of(ALL_OF_CORE, "wire", "storage", "measures", "net", "plugins"));
        MAY_IMPORT.put("simulation", List.of(ALL_OF_CORE, "wire", "storage"));
        MAY_IMPORT.put("spec", List.of());
        MAY_IMPORT.put("campaign", List.of(ALL_OF_CORE, "simulation"));
        MAY_IMPORT.put(
                "benchmarks",
                List.of(ALL_OF_CORE, "wire", "storage", "measures", "net", "simulation"));
    }

    /** Of Class, what tells a name or asks for a type; everything else on it is reflection. */
    private static final Set<String> NO_REFLECTION =
            Set.of("getName", "getSimpleName", "isInstance", "cast", "desiredAssertionStatus");

    private final String root;

    Rooms(String root) {
        this.root = root;
    }

    /** The names of the rooms. */
    static Set<String> names() {
        return MAY_IMPORT.keySet();
    }

    ArchRule everyClassLivesInARoom() {
        return classes()
                .should()
                .resideInAnyPackage(names().stream().map(this::packagesOf).toArray(String[]::new));
    }

    /** A class outside would be one whose nulls nobody has thought of. */
    ArchRule everyPackageIsNullMarked() {
        return classes()
                .should(
                        new ArchCondition<>("live in a package that is marked @NullMarked") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                                    events.add(
                                            SimpleConditionEvent.violated(
                                                    type, type.getDescription() + " does not"));
                                }
                            }
                        });
    }

    ArchRule importsOnlyWhatItMay(String room) {
        String own = packagesOf(room);
        List<String> allowed = MAY_IMPORT.getOrDefault(room, List.of());
        DescribedPredicate<JavaClass> foreign =
                resideInAPackage(root + "..")
                        .and(not(resideInAPackage(own)))
                        .and(
                                not(
                                        resideInAnyPackage(
                                                allowed.stream()
                                                        .map(this::packagesOf)
                                                        .toArray(String[]::new))));
        return noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(foreign)
                .as(room + " imports of the house nothing but itself and " + allowed)
                // The rooms of later work stand empty; that no class lives outside a room is
                // checked.
                .allowEmptyShould(true);
    }

    ArchRule nobodyImportsTheServer() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".server..");
    }

    ArchRule nettyLivesInNetOnly() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".net..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..");
    }

    /** They come with an operator's plug-in, and are no part of this server. */
    ArchRule apachesTypesLiveInPluginsOnly() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".plugins..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.zookeeper..");
    }

    /**
     * Text is UTF-8 on the wire and on the disk, and the names of the charsets are constants; hence
     * the two classes of {@code java.nio.charset}. The packages {@code java.lang.*} that are named
     * are those that the compiler needs for annotations, records and patterns.
     */
    ArchRule theCoreKnowsLittleOfTheJdk() {
        return classes()
                .that()
                .resideInAPackage(root + ".core..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                        root + ".core..",
                                        "java.lang",
                                        "java.lang.annotation",
                                        "java.util",
                                        "java.util.function",
                                        "java.util.random",
                                        "org.jspecify.annotations")
                                .or(equivalentTo(CRC32.class))
                                .or(equivalentTo(Charset.class))
                                .or(equivalentTo(StandardCharsets.class)));
    }

    ArchRule theCoreReflectsOnNothing() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".core..")
                .should()
                .callCodeUnitWhere(
                        DescribedPredicate.describe(
                                "it asks a class for more than its name",
                                (JavaCall<?> call) ->
                                        call.getTargetOwner().isEquivalentTo(Class.class)
                                                && !NO_REFLECTION.contains(call.getName())));
    }

    /** Files, sockets and channels; bytes in memory and an IOException are none of these. */
    ArchRule noFileAndNoSocketBeforeTheServer() {
        return noClasses()
                .that()
                .resideInAnyPackage(root + ".core..", root + ".wire..", root + ".storage..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..")
                                .or(
                                        DescribedPredicate.describe(
                                                "files",
                                                to ->
                                                        to.getPackageName().equals("java.io")
                                                                && to.getSimpleName()
                                                                        .contains("File"))));
    }

    ArchRule everyEffectReturnsVoid() {
        return methods()
                .that()
                .areDeclaredIn(root + ".core.Effects")
                .should()
                .haveRawReturnType(void.class);
    }

    ArchRule onlyThePeerAssignsItsPhase() {
        return noClasses()
                .that(not(isThePeer()))
                .should()
                .accessFieldWhere(
                        DescribedPredicate.describe(
                                "the phase of a peer is assigned",
                                (JavaFieldAccess access) ->
                                        access.getAccessType() == AccessType.SET
                                                && isPhase(access.getTarget().getRawType())
                                                && isThePeer().test(access.getTargetOwner())));
    }

    ArchRule onlyThePeerHasAPhaseThatChanges() {
        return fields().that(
                        DescribedPredicate.describe(
                                "hold a phase", field -> isPhase(field.getRawType())))
                .and()
                .areDeclaredInClassesThat(not(isThePeer()))
                .should()
                .haveModifier(JavaModifier.FINAL)
                // That no other class has a field for a phase at all is how it should be.
                .allowEmptyShould(true);
    }

    private boolean isPhase(JavaClass type) {
        return type.isAssignableTo(root + ".core.zab.Phase");
    }

    private DescribedPredicate<JavaClass> isThePeer() {
        return DescribedPredicate.describe(
                "the peer", type -> type.getName().equals(root + ".core.Peer"));
    }

    /**
     * A room inside the core is a room of its own; any other package below a room belongs to it.
     */
    private String packagesOf(String room) {
        String name = root + "." + room;
        return room.endsWith("..") || room.equals("core") ? name : name + "..";
    }
}
