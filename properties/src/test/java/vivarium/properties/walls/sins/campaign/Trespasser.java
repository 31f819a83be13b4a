package vivarium.properties.walls.sins.campaign;

/** A planted sin: {@code campaign} knows {@code net}. */
public interface Trespasser {
    void enters(vivarium.properties.walls.sins.net.Trespasser room);
}
