package vivarium.properties.servers;

import java.util.Map;
import java.util.TreeMap;

/**
 * Configuration of a server under test, in the words of {@code zoo.cfg}.
 *
 * @param values key and value as a configuration file has them; times in milliseconds
 */
public record Settings(Map<String, String> values) {

    /** Who authenticates by this is the super user: scheme {@code digest}, these bytes. */
    public static final String SUPER_CREDENTIALS = "super:of-the-tests";

    /**
     * Ticks of 100 ms, sessions between 200 ms and 60 s, no limit on connections, every four-letter
     * word allowed, quotas enforced, no fsync (the tests of durability set {@code forceSync} to
     * yes).
     */
    public static Settings standard() {
        var values = new TreeMap<String, String>();
        values.put("tickTime", "100");
        values.put("minSessionTimeout", "200");
        values.put("maxSessionTimeout", "60000");
        values.put("maxClientCnxns", "0");
        values.put("4lw.commands.whitelist", "*");
        values.put("preAllocSize", "1024");
        values.put("forceSync", "no");
        values.put("enforceQuota", "true");
        values.put(
                "DigestAuthenticationProvider.superDigest",
                DigestScheme.identity(SUPER_CREDENTIALS));
        return new Settings(Map.copyOf(values));
    }

    public Settings with(String key, String value) {
        var changed = new TreeMap<>(values);
        changed.put(key, value);
        return new Settings(Map.copyOf(changed));
    }

    public String value(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no setting " + key);
        }
        return value;
    }

    public int number(String key) {
        return Integer.parseInt(value(key));
    }
}
