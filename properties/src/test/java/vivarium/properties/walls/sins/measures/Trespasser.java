package vivarium.properties.walls.sins.measures;

/** A planted sin: {@code measures} knows {@code storage}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.storage.Trespasser room);
}
