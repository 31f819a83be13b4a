package vivarium.properties.walls.sins.core.zab;

/** What the sins around the phase are about. */
public interface Phase {}
