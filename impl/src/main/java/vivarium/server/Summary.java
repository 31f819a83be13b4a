package vivarium.server;

import java.util.function.Consumer;
import vivarium.net.Distribution;

/** The values of some measure; one thread adds, another one reads. */
final class Summary {
    private final Distribution values = new Distribution();

    synchronized void add(long value) {
        values.add(value);
    }

    /** Hands the values over while nobody adds any. */
    synchronized void read(Consumer<Distribution> reader) {
        reader.accept(values);
    }
}
