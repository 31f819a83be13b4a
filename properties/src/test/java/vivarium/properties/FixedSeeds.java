package vivarium.properties;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Every property draws the same in every build, so that a build that was green stays so; the
 * engine's report has the seed. {@code -Dproperties.seed=fresh} draws anew, as a campaign should,
 * and {@code -Dproperties.seed=N} with that seed. A property that names its own keeps it.
 */
public final class FixedSeeds implements AroundPropertyHook {
    /** What is to be drawn: a number, or {@link #FRESH}. */
    static final String KEY = "properties.seed";

    static final String FRESH = "fresh";
    private static final String USUAL = "20261123";

    @Override
    public PropertyExecutionResult aroundProperty(
            PropertyLifecycleContext context, PropertyExecutor property) {
        String seed = System.getProperty(KEY, USUAL);
        if (!seed.equals(FRESH) && context.attributes().seed().isEmpty()) {
            context.attributes().setSeed(seed);
        }
        return property.execute();
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
