package vivarium.properties.walls.sins.core.session;

/** A planted sin: {@code core.session} knows {@code core.zab}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.core.zab.Trespasser room);
}
