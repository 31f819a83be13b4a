package vivarium.properties.walls.sins.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Planted sins: orders that nobody has chosen. */
@SuppressWarnings("JdkObsolete")
public final class Hashes {
    int identity(Object object) {
        return System.identityHashCode(object);
    }

    int ofAnEnum(Thread.State state) {
        return state.hashCode();
    }

    int ofAnObject(Object object) {
        return object.hashCode();
    }

    Object hashMap() {
        return new HashMap<String, String>();
    }

    Object hashSet() {
        return new HashSet<String>();
    }

    Object hashtable() {
        return new Hashtable<String, String>();
    }

    Object identityMap() {
        return new IdentityHashMap<String, String>();
    }

    Object weakMap() {
        return new WeakHashMap<String, String>();
    }

    Set<String> setOf() {
        return Set.of("a", "b");
    }

    Set<String> setCopy(List<String> list) {
        return Set.copyOf(list);
    }

    Map<String, String> mapOf() {
        return Map.of("a", "b", "c", "d");
    }

    Map<String, String> mapCopy(Map<String, String> map) {
        return Map.copyOf(map);
    }

    Map<String, String> mapOfEntries() {
        return Map.ofEntries(Map.entry("a", "b"));
    }

    Set<String> toSet(Stream<String> stream) {
        return stream.collect(Collectors.toSet());
    }

    Map<String, String> toMap(Stream<String> stream) {
        return stream.collect(Collectors.toMap(s -> s, s -> s));
    }

    Map<String, List<String>> grouping(Stream<String> stream) {
        return stream.collect(Collectors.groupingBy(s -> s));
    }

    Map<String, String> concurrent(Stream<String> stream) {
        return stream.collect(Collectors.toConcurrentMap(s -> s, s -> s));
    }
}
