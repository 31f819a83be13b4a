package vivarium.properties.walls.sins.core.tree;

/** A planted sin: {@code core.tree} knows {@code core.txn}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.core.txn.Trespasser room);
}
