package vivarium.properties.walls.sins.storage;

/** A planted sin: {@code storage} knows {@code net}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.net.Trespasser room);
}
