package vivarium.properties.walls.sins.net;

/** A planted sin: {@code net} knows {@code storage}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.storage.Trespasser room);
}
