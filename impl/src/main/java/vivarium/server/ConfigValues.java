package vivarium.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of the keys of {@code zoo.cfg} with where each comes from: the command line, the file,
 * or a system property {@code zookeeper.<key>}, in this order of preference.
 */
final class ConfigValues {
    /** Their system properties bear no prefix. */
    private static final List<String> UNPREFIXED =
            List.of("jute.maxbuffer", "jute.maxbuffer.extrasize", "readonlymode.enabled");

    private final Map<String, Value> values = new TreeMap<>();
    private final Properties system;
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param origin where it was set, for people: a file with a line, or a flag
     */
    record Value(String text, String origin) {}

    /**
     * @param system the system properties; they are read now, and never again
     */
    ConfigValues(Properties system) {
        this.system = new Properties();
        this.system.putAll(system);
    }

    /** What a person should know, though the server starts all the same. */
    List<String> warnings() {
        return warnings;
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    /** Sets a value; the last one counts. */
    void set(String key, String text, String origin) {
        Value before = values.put(key, new Value(text, origin));
        if (before != null && before.origin().contains(":")) {
            warn(origin + ": " + key + " was set before, in " + before.origin() + "; this counts");
        }
    }

    /** The keys that were set on the command line or in the file, ascending. */
    List<String> keys() {
        return List.copyOf(values.keySet());
    }

    /** The keys that begin so, ascending, and their values, wherever they were set. */
    SortedMap<String, Value> family(String prefix) {
        SortedMap<String, Value> family = new TreeMap<>();
        for (String property : system.stringPropertyNames()) {
            String key = KnownKeys.bare(property);
            if (key.startsWith(prefix) && !key.equals(property)) {
                family.put(key, require(key));
            }
        }
        for (String set : values.keySet()) {
            String key = KnownKeys.bare(set);
            if (key.startsWith(prefix)) {
                family.put(key, require(key));
            }
        }
        return family;
    }

    private Value require(String key) {
        return Objects.requireNonNull(find(key));
    }

    @Nullable Value find(String key) {
        Value value = values.get(key);
        if (value == null && key.startsWith("zookeeper.")) {
            return null;
        }
        if (value == null) {
            value = values.get("zookeeper." + key);
        }
        if (value == null) {
            String property = UNPREFIXED.contains(key) ? key : "zookeeper." + key;
            String text = system.getProperty(property);
            if (text != null) {
                return new Value(text.strip(), "-D" + property);
            }
        }
        return value;
    }

    /** Where {@code key} was set. */
    Value require(String key, String right) throws ConfigException {
        Value value = find(key);
        if (value == null) {
            throw new ConfigException(key + " is not set: " + right, null);
        }
        return value;
    }

    static ConfigException wrong(String key, Value value, String right) {
        return wrong(key, value, right, null);
    }

    static ConfigException wrong(String key, Value value, String right, @Nullable Exception cause) {
        return new ConfigException(
                value.origin() + ": " + key + "=" + value.text() + ": " + right, cause);
    }

    /** What must not be ignored, since people would rely on it. */
    static ConfigException unsupported(String key, Value value) {
        return wrong(
                key,
                value,
                "this server does not do that so far, and would not be what you asked for without"
                        + " it; remove the line if you can do without");
    }

    int integer(String key, int preset, int min, int max) throws ConfigException {
        Value value = find(key);
        if (value == null) {
            return preset;
        }
        String right = "a whole number from " + min + " to " + max + " is expected";
        try {
            int number = Integer.decode(value.text());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(key, value, right, e);
        }
        throw wrong(key, value, right);
    }

    double fraction(String key, double preset) throws ConfigException {
        Value value = find(key);
        if (value == null) {
            return preset;
        }
        String right = "a decimal number is expected, such as 0.33";
        try {
            double number = Double.parseDouble(value.text());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(key, value, right, e);
        }
        throw wrong(key, value, right);
    }

    /** A number from 0 to 1. */
    double ratio(String key, double preset) throws ConfigException {
        double number = fraction(key, preset);
        if (number < 0 || number > 1) {
            throw wrong(key, require(key, ""), "a number from 0 to 1 is expected");
        }
        return number;
    }

    /** A switch with ZooKeeper's words for it, of which there are two pairs. */
    boolean flag(String key, boolean preset) throws ConfigException {
        Value value = find(key);
        if (value == null) {
            return preset;
        }
        return switch (value.text().toLowerCase(Locale.ROOT)) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> throw wrong(key, value, "one of yes, no, true, false is expected");
        };
    }

    String text(String key, String preset) {
        Value value = find(key);
        return value == null ? preset : value.text();
    }

    @Nullable Path path(String key) throws ConfigException {
        Value value = find(key);
        if (value == null) {
            return null;
        }
        if (value.text().isEmpty()) {
            throw wrong(key, value, "the path of a directory is expected");
        }
        try {
            return Path.of(value.text());
        } catch (InvalidPathException e) {
            throw wrong(key, value, "the path of a directory is expected", e);
        }
    }

    /** An address of this machine; null for all of them. */
    @Nullable InetAddress address(String key) throws ConfigException {
        Value value = find(key);
        if (value == null || value.text().isEmpty() || value.text().equals("*")) {
            return null;
        }
        try {
            return InetAddress.getByName(value.text());
        } catch (UnknownHostException e) {
            throw wrong(key, value, "a host name or an address of this machine is expected", e);
        }
    }
}
