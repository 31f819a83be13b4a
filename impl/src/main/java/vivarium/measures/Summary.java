package vivarium.measures;

import java.util.function.Consumer;

/** The values of some measure; one thread adds, another one reads. */
public final class Summary {
    private final Distribution values = new Distribution();

    /** One more value. */
    public synchronized void add(long value) {
        values.add(value);
    }

    /** Hands the values over while nobody adds any. */
    public synchronized void read(Consumer<Distribution> reader) {
        reader.accept(values);
    }
}
