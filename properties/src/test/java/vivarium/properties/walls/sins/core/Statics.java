package vivarium.properties.walls.sins.core;

import java.util.ArrayList;
import java.util.TreeMap;

/** Planted sins: statics that change. */
@SuppressWarnings({"NonFinalStaticField", "UnusedVariable"})
public final class Statics {
    static long counter;
    static final ArrayList<String> SEEN = new ArrayList<>();
    static final TreeMap<String, String> CACHE = new TreeMap<>();
    static final StringBuilder BUFFER = new StringBuilder();

    private Statics() {}
}
