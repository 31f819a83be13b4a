package vivarium.properties.walls.sins.core.watch;

/** A planted sin: {@code core.watch} knows {@code core.txn}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.core.txn.Trespasser room);
}
