package vivarium.properties.walls.sins.core.txn;

/** A planted sin: {@code core.txn} knows {@code core.session}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.core.session.Trespasser room);
}
