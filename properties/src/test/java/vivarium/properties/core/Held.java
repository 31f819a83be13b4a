package vivarium.properties.core;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Counts what is kept from being freed: objects of the server and of the JDK's collections. */
final class Held {
    private Held() {}

    /** How many objects it holds, itself included, and without what others hold by these. */
    static int by(Object holder, Object... others) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Object> found = new ArrayDeque<>();
        found.add(holder);
        Collections.addAll(seen, others);
        while (!found.isEmpty()) {
            Object next = found.remove();
            if (seen.add(next)) {
                follow(next, found);
            }
        }
        return seen.size();
    }

    private static void follow(Object next, ArrayDeque<Object> found)
            throws IllegalAccessException {
        if (next instanceof Collection<?> all) {
            found.addAll(all);
        } else if (next instanceof Map<?, ?> map) {
            found.addAll(map.keySet());
            found.addAll(map.values());
        } else if (next instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                Object one = Array.get(array, i);
                if (one != null) {
                    found.add(one);
                }
            }
        } else if (next.getClass().getName().startsWith("vivarium.")) {
            for (Class<?> type = next.getClass(); type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    boolean held =
                            !Modifier.isStatic(field.getModifiers())
                                    && !field.getType().isPrimitive();
                    if (held && type.getName().startsWith("vivarium.")) {
                        field.setAccessible(true);
                        Object one = field.get(next);
                        if (one != null) {
                            found.add(one);
                        }
                    }
                }
            }
        }
    }
}
