package vivarium.properties.walls.sins.attic;

/** Planted sins: it lives in no room, and nobody has thought of its nulls. */
public interface Forgotten {}
