package vivarium.properties.walls.sins.server;

/** A planted sin: {@code server} knows {@code simulation}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.simulation.Trespasser room);
}
