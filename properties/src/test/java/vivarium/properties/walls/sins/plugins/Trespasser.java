package vivarium.properties.walls.sins.plugins;

/** A planted sin: {@code plugins} knows {@code net}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.net.Trespasser room);
}
