package vivarium.properties.walls.sins.core;

/** Planted sins: classes looked up and looked into. */
public final class Reflecting {
    Class<?> byName(String name) throws ClassNotFoundException {
        return Class.forName(name);
    }

    Object members() {
        return Reflecting.class.getDeclaredMethods();
    }
}
