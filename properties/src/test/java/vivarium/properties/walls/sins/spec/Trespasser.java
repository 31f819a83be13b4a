package vivarium.properties.walls.sins.spec;

/** A planted sin: {@code spec} knows {@code net}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.net.Trespasser room);
}
