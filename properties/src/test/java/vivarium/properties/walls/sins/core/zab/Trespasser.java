package vivarium.properties.walls.sins.core.zab;

/** A planted sin: {@code core.zab} knows {@code wire}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.wire.Trespasser room);
}
