package vivarium.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which server this is. Clients read the digits at the front as ZooKeeper's version, so they are
 * those of the release whose behaviour this server has; the product's own name and version follow.
 */
final class Version {
    /** The release of ZooKeeper that this server replaces. */
    static final String BEHAVES_AS = "3.9.5";

    private Version() {}

    /** As in ZooKeeper's own texts: version, a mark of the build, and when it was built. */
    static String full() {
        Properties build = build();
        return BEHAVES_AS
                + "-vivarium-"
                + build.getProperty("version")
                + ", built on "
                + build.getProperty("built");
    }

    /** The product's own version. */
    static String own() {
        return build().getProperty("version", "unknown");
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in =
                Version.class.getResourceAsStream("/vivarium/server/build.properties")) {
            if (in == null) {
                throw new IllegalStateException("build.properties is not in the jar");
            }
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build;
    }
}
