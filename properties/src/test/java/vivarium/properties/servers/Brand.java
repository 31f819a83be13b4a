package vivarium.properties.servers;

import java.nio.file.Path;
import java.util.Locale;

/** Whose server the claims are tried on. */
public enum Brand {
    VIVARIUM("vivarium.server.Main", "vivarium.server.Main") {
        @Override
        public ServerUnderTest embedded(Path dataDirectory, Settings settings) {
            return new VivariumServer(dataDirectory, settings);
        }
    },
    APACHE(
            "org.apache.zookeeper.server.ZooKeeperServerMain",
            "org.apache.zookeeper.server.quorum.QuorumPeerMain") {
        @Override
        public ServerUnderTest embedded(Path dataDirectory, Settings settings) {
            return new ApacheServer(dataDirectory, settings);
        }
    };

    /** System property with the name of a brand; without it the claims are tried on ours. */
    public static final String PROPERTY = "vivarium.serverUnderTest";

    private final String mainClass;
    private final String ensembleMainClass;

    Brand(String mainClass, String ensembleMainClass) {
        this.mainClass = mainClass;
        this.ensembleMainClass = ensembleMainClass;
    }

    /** What starts a server that is one of an ensemble. */
    String ensembleMainClass() {
        return ensembleMainClass;
    }

    /** A server in this JVM, not yet started. */
    public abstract ServerUnderTest embedded(Path dataDirectory, Settings settings);

    /** A server as a process of its own, not yet started; it can be killed. */
    public ChildServer child(Path dataDirectory, Settings settings, String... jvmFlags) {
        return new ChildServer(mainClass, dataDirectory, settings, jvmFlags);
    }

    public static Brand underTest() {
        return valueOf(System.getProperty(PROPERTY, VIVARIUM.name()).toUpperCase(Locale.ROOT));
    }
}
