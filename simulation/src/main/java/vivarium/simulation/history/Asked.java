package vivarium.simulation.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation on znodes that belong together.
 *
 * @param acts what it does, all or nothing
 * @param result what came of it, null if nobody knows
 */
public record Asked(List<Act> acts, @Nullable Result result) {}
