package vivarium.properties.walls.sins.core;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Planted sins: chance that nobody can replay. */
public final class Chance {
    Random random() {
        return new Random();
    }

    double math() {
        return Math.random();
    }

    UUID uuid() {
        return UUID.randomUUID();
    }

    SecureRandom secure() {
        return new SecureRandom();
    }

    RandomGenerator generator() {
        return RandomGenerator.getDefault();
    }

    RandomGenerator named() {
        return RandomGenerator.of("L64X128MixRandom");
    }

    RandomGenerator factory(RandomGeneratorFactory<RandomGenerator> factory) {
        return factory.create();
    }

    SplittableRandom splittable() {
        return new SplittableRandom();
    }

    void shuffle(List<String> list) {
        Collections.shuffle(list);
    }
}
