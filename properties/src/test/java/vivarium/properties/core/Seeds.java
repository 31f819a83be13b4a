package vivarium.properties.core;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Runs a trial for many seeds; a failure names its seed. */
final class Seeds {
    private Seeds() {}

    static void each(int count, Consumer<RandomGenerator> trial) {
        for (int seed = 0; seed < count; seed++) {
            try {
                trial.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }
}
