package vivarium.properties.walls.sins.core.election;

/** A planted sin: {@code core.election} knows {@code core.zab}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.core.zab.Trespasser room);
}
