package vivarium.properties.walls.sins.core;

/** A planted sin: an effect that answers at once. */
public interface Effects {
    long append(long zxid);
}
