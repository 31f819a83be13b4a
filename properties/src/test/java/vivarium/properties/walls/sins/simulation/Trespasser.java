package vivarium.properties.walls.sins.simulation;

/** A planted sin: {@code simulation} knows {@code net}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.net.Trespasser room);
}
