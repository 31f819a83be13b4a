package vivarium.properties.walls.sins.core;

/** A planted sin: {@code core} knows {@code wire}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.wire.Trespasser room);
}
