package vivarium.server;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import vivarium.plugins.AuthProviders;
import vivarium.plugins.PluginException;

/** The keys that say how clients prove who they are. */
final class AuthKeys {
    /** What a key that names a class of the operator's begins with. */
    static final String PROVIDER = "authProvider.";

    private static final String APACHES = "org\\.apache\\.zookeeper\\.server\\.auth\\.";

    /**
     * Providers whose absence lets nobody in: those that are there anyway, and SASL's, without
     * which nobody can prove to be the user that an ACL names.
     */
    private static final Pattern HARMLESS =
            Pattern.compile(APACHES + "(SASL|IP|Digest)AuthenticationProvider");

    /** They need what only Apache's server has: its TLS, and its tree. */
    private static final Pattern FOREIGN =
            Pattern.compile(APACHES + "(X509|Key)AuthenticationProvider");

    private AuthKeys() {}

    /** Whether a server without the class of this name lets nobody in who should not be. */
    static boolean isHarmless(String className) {
        return HARMLESS.matcher(className).matches();
    }

    /** The classes that {@code authProvider.N} names, made; null where there are none. */
    static @Nullable AuthProviders providers(ConfigValues values) throws ConfigException {
        AuthProviders providers = null;
        for (Map.Entry<String, ConfigValues.Value> entry : values.family(PROVIDER).entrySet()) {
            String key = entry.getKey();
            ConfigValues.Value value = entry.getValue();
            if (FOREIGN.matcher(value.text()).matches()) {
                throw ConfigValues.unsupported(key, value);
            }
            if (!isHarmless(value.text())) {
                refuseRecording(values, key, value);
                providers = with(providers, key, value);
            }
        }
        return providers;
    }

    /** The first of them is what has the room with Apache's types loaded. */
    private static AuthProviders with(
            @Nullable AuthProviders before, String key, ConfigValues.Value value)
            throws ConfigException {
        try {
            AuthProviders providers = before == null ? new AuthProviders() : before;
            providers.add(value.text());
            return providers;
        } catch (PluginException e) {
            throw ConfigValues.wrong(key, value, e.explanation(), e);
        } catch (LinkageError e) {
            throw ConfigValues.wrong(
                    key,
                    value,
                    "the jars of the ZooKeeper for which it was written have to be on the class"
                            + " path too: name them in CLASSPATH ("
                            + e.getMessage()
                            + ")",
                    new IllegalStateException(e));
        }
    }

    /** A recording can't be stepped again where answers have come from elsewhere. */
    private static void refuseRecording(ConfigValues values, String key, ConfigValues.Value value)
            throws ConfigException {
        if (values.path("vivarium.record") != null) {
            throw ConfigValues.wrong(
                    key, value, "what it decides is in no recording; do without one of the two");
        }
    }

    /** Who the super user is, as {@code user:hash}; null for nobody. */
    static @Nullable String superDigest(ConfigValues values) throws ConfigException {
        String key = "DigestAuthenticationProvider.superDigest";
        ConfigValues.Value value = values.find(key);
        if (value != null && value.text().split(":", -1).length != 2) {
            throw ConfigValues.wrong(key, value, "user:base64(hash of user:password) is expected");
        }
        return value == null ? null : value.text();
    }
}
