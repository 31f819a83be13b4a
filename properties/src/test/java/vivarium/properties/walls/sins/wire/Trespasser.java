package vivarium.properties.walls.sins.wire;

/** A planted sin: {@code wire} knows {@code storage}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.storage.Trespasser room);
}
