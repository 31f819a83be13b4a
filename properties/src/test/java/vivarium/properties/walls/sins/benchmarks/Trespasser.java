package vivarium.properties.walls.sins.benchmarks;

/** A planted sin: {@code benchmarks} knows {@code server}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.server.Trespasser room);
}
