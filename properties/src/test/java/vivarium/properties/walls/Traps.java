package vivarium.properties.walls;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;

/**
 * What would make two runs of one seed differ, banned from the rooms that are simulated: core,
 * wire, storage, and the simulation itself.
 */
final class Traps {
    private static final Set<String> HASHED =
            Set.of(
                    "java.util.HashMap",
                    "java.util.HashSet",
                    "java.util.Hashtable",
                    "java.util.IdentityHashMap",
                    "java.util.WeakHashMap");

    private static final Set<String> CHANCE =
            Set.of("java.util.Random", "java.security.SecureRandom");

    /** Of these, a static final field is a variable all the same. */
    private static final Set<String> VARIABLE =
            Set.of("java.lang.StringBuilder", "java.util.BitSet");

    private final String[] rooms;

    Traps(String root) {
        this.rooms =
                new String[] {
                    root + ".core..", root + ".wire..", root + ".storage..", root + ".simulation.."
                };
    }

    /** {@code now} is an argument of each step. */
    ArchRule noClock() {
        return noCall(
                "a clock is read",
                call ->
                        isCall(call, System.class, "currentTimeMillis", "nanoTime")
                                || call.getTargetOwner().isAssignableTo(Clock.class)
                                || isCall(call, Date.class)
                                || (isOfPackage(call, "java.time")
                                        && call.getName().equals("now")));
    }

    /** One thread; nothing to be shared with another. */
    ArchRule noThread() {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.util.concurrent..")
                                .or(
                                        named(
                                                "threads and timers",
                                                Set.of(
                                                        "java.lang.Thread",
                                                        "java.lang.ThreadLocal",
                                                        "java.lang.ThreadGroup",
                                                        "java.util.Timer",
                                                        "java.util.TimerTask"))));
    }

    ArchRule noWaiting() {
        return noCall(
                "a monitor is waited for or notified",
                call -> isCall(call, Object.class, "wait", "notify", "notifyAll"));
    }

    ArchRule noSynchronizedMethod() {
        return methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(rooms)
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED);
    }

    ArchRule noSynchronizedBlock() {
        return classes()
                .that()
                .resideInAnyPackage(rooms)
                .should(
                        new ArchCondition<>("enter no monitor") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                for (String method : methodsWithMonitors(type)) {
                                    events.add(
                                            SimpleConditionEvent.violated(
                                                    type,
                                                    "Method <%s.%s> enters a monitor"
                                                            .formatted(type.getName(), method)));
                                }
                            }
                        });
    }

    ArchRule noVolatileField() {
        return fields().that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(rooms)
                .should()
                .notHaveModifier(JavaModifier.VOLATILE);
    }

    /** Chance comes by a {@code RandomGenerator} that is given at birth, with a seed behind it. */
    ArchRule noChanceWithoutASeed() {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .dependOnClassesThat(named("generators that seed themselves", CHANCE))
                .orShould()
                .callCodeUnitWhere(
                        DescribedPredicate.describe("chance has no seed", Traps::isUnseeded));
    }

    private static boolean isUnseeded(JavaCall<?> call) {
        if (isOfPackage(call, "java.util.random")) {
            boolean makes = Set.of("of", "getDefault", "create").contains(call.getName());
            return makes && !takesASeed(call);
        }
        return isCall(call, Math.class, "random")
                || isCall(call, StrictMath.class, "random")
                || isCall(call, UUID.class, "randomUUID")
                || (isCall(call, Collections.class, "shuffle") && arity(call) == 1)
                || (isCall(call, SplittableRandom.class, "<init>") && arity(call) == 0);
    }

    /** An identity hash is an address, and an enum's hash is an identity hash. */
    ArchRule noIdentityHash() {
        return noCall(
                "an identity is hashed",
                call ->
                        isCall(call, System.class, "identityHashCode")
                                || isCall(call, Object.class, "hashCode")
                                || (call.getName().equals("hashCode")
                                        && call.getTargetOwner().isAssignableTo(Enum.class)));
    }

    /** Their order is the order of hashes, and an identity may be among them. */
    ArchRule noHashedCollection() {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .dependOnClassesThat(named("collections ordered by hashes", HASHED));
    }

    /** The order of these changes from one JVM to the next, by design of the JDK. */
    ArchRule noSaltedCollection() {
        return noCall(
                "a collection is made whose order differs from JVM to JVM",
                call ->
                        isCall(call, Set.class, "of", "copyOf")
                                || isCall(call, Map.class, "of", "copyOf", "ofEntries"));
    }

    /** Those without a factory make hashed collections. */
    ArchRule noHashingCollector() {
        Map<String, Integer> safeFrom =
                Map.of(
                        "toSet", 1,
                        "toUnmodifiableSet", 1,
                        "toMap", 4,
                        "toUnmodifiableMap", 5,
                        "groupingBy", 3);
        return noCall(
                "a stream is collected by hashes",
                call ->
                        isCall(call, Collectors.class)
                                && (call.getName().contains("Concurrent")
                                        || arity(call) < safeFrom.getOrDefault(call.getName(), 0)));
    }

    ArchRule noParallelStream() {
        return noCall(
                "work is given to other threads",
                call ->
                        call.getName().startsWith("parallel")
                                && (isCall(call, Arrays.class)
                                        || call.getTargetOwner().isAssignableTo(Collection.class)
                                        || call.getTargetOwner().isAssignableTo(BaseStream.class)));
    }

    /** What is static outlives a run, and is shared by all servers of a simulated ensemble. */
    ArchRule noStaticThatChanges() {
        return fields().that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(rooms)
                .and()
                .areStatic()
                .should(
                        new ArchCondition<>("be final, and of a type that cannot change") {
                            @Override
                            public void check(JavaField field, ConditionEvents events) {
                                if (!field.getModifiers().contains(JavaModifier.FINAL)
                                        || isVariable(field.getRawType())) {
                                    events.add(
                                            SimpleConditionEvent.violated(
                                                    field, field.getDescription() + " changes"));
                                }
                            }
                        });
    }

    private ArchRule noCall(String what, Predicate<JavaCall<?>> trap) {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .callCodeUnitWhere(
                        DescribedPredicate.describe(what, (JavaCall<?> call) -> trap.test(call)));
    }

    private static boolean isCall(JavaCall<?> call, Class<?> owner, String... names) {
        return call.getTargetOwner().isEquivalentTo(owner)
                && (names.length == 0 || Set.of(names).contains(call.getName()));
    }

    private static boolean isOfPackage(JavaCall<?> call, String name) {
        return call.getTargetOwner().getPackageName().startsWith(name);
    }

    private static int arity(JavaCall<?> call) {
        return call.getTarget().getRawParameterTypes().size();
    }

    private static boolean takesASeed(JavaCall<?> call) {
        return call.getTarget().getRawParameterTypes().stream()
                .anyMatch(type -> type.isEquivalentTo(long.class) || type.isArray());
    }

    /** Interfaces are let pass: most of them hold a constant list. */
    private static boolean isVariable(JavaClass type) {
        return VARIABLE.contains(type.getName())
                || type.getPackageName().startsWith("java.util.concurrent.atomic")
                || (!type.isInterface()
                        && (type.isAssignableTo(Collection.class)
                                || type.isAssignableTo(Map.class)));
    }

    private static DescribedPredicate<JavaClass> named(String what, Set<String> names) {
        return DescribedPredicate.describe(what, type -> names.contains(type.getName()));
    }

    /** Monitors are instructions, of which the other walls see nothing. */
    private static Set<String> methodsWithMonitors(JavaClass type) {
        var found = new TreeSet<String>();
        for (MethodModel method : read(type).methods()) {
            method.code()
                    .ifPresent(code -> {
                        if (code.elementStream().anyMatch(MonitorInstruction.class::isInstance)) {
                            found.add(method.methodName().stringValue());
                        }
                    });
        }
        return found;
    }

    private static ClassModel read(JavaClass type) {
        try (InputStream bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            return ClassFile.of().parse(bytes.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
