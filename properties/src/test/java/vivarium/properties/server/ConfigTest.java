package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.conformance.TokenProvider;
import vivarium.server.Config;
import vivarium.server.ConfigException;

/** The keys of {@code zoo.cfg} mean what they mean to ZooKeeper, and mistakes are told apart. */
class ConfigTest {

    @TempDir Path dir = Path.of("");

    private Config read(String... lines) throws IOException, ConfigException {
        return Config.of(write(lines), Map.of(), new Properties());
    }

    private Path write(String... lines) throws IOException {
        return Files.write(dir.resolve("zoo.cfg"), List.of(lines));
    }

    private String complaint(String... lines) throws IOException {
        Path file = write(lines);
        ConfigException complaint =
                assertThrows(
                        ConfigException.class, () -> Config.of(file, Map.of(), new Properties()));
        return String.valueOf(complaint.getMessage()).replace(file.toString(), "zoo.cfg");
    }

    @Test
    void zooKeepersSampleIsUnderstood() throws Exception {
        Config config =
                read(
                        "tickTime=2000",
                        "initLimit=10",
                        "syncLimit=5",
                        "dataDir=/var/lib/zookeeper",
                        "clientPort=2181",
                        "maxClientCnxns=80",
                        "autopurge.snapRetainCount=5",
                        "autopurge.purgeInterval=1");
        assertEquals(Path.of("/var/lib/zookeeper"), config.dataDir());
        assertEquals(Path.of("/var/lib/zookeeper"), config.dataLogDir());
        assertEquals(2181, config.port().address().getPort());
        assertTrue(config.port().address().getAddress().isAnyLocalAddress());
        assertEquals(80, config.port().maxPerAddress());
        assertEquals(2000, config.settings().timing().tickMillis());
        assertEquals(4000, config.settings().timing().minSessionTimeoutMillis());
        assertEquals(40_000, config.settings().timing().maxSessionTimeoutMillis());
        assertEquals(5, config.retainedSnapshots());
        assertEquals(1, config.purgeIntervalHours());
        assertEquals(List.of(), config.warnings());
    }

    @Test
    void whatIsNotSetIsAsWithZooKeeper() throws Exception {
        Config config = read("dataDir=/d");
        assertEquals(3000, config.settings().timing().tickMillis());
        assertEquals(60, config.port().maxPerAddress());
        assertEquals(0xfffff, config.port().maxFrameBytes());
        assertEquals(10_000, config.port().sessionlessMillis());
        assertEquals(100_000, config.settings().snapCount());
        assertEquals(64L << 20, config.log().preAllocBytes());
        assertEquals(0, config.purgeIntervalHours());
        assertEquals(3, config.retainedSnapshots());
        assertEquals(Set.of("srvr"), config.words());
        assertTrue(config.log().forceSync());
    }

    @Test
    void anErrorNamesTheFileTheLineTheKeyAndWhatWouldBeRight() throws IOException {
        assertEquals(
                "zoo.cfg:2: tickTime=2s: a whole number from 1 to 67108864 is expected",
                complaint("dataDir=/d", "tickTime=2s"));
        assertEquals(
                "zoo.cfg:3: clientPort=65536: a whole number from 0 to 65535 is expected",
                complaint("", "dataDir=/d", "clientPort=65536"));
        assertEquals(
                "zoo.cfg:2: forceSync=maybe: one of yes, no, true, false is expected",
                complaint("dataDir=/d", "forceSync=maybe"));
        assertEquals(
                "dataDir is not set: the directory for the data is expected, dataDir=<path>",
                complaint("tickTime=2000"));
        assertTrue(
                complaint("dataDir=/d", "minSessionTimeout=9", "maxSessionTimeout=8")
                        .startsWith("zoo.cfg:2: minSessionTimeout=9: sessions between 9 ms"));
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearestKnownOneAndBecomesAProperty() throws Exception {
        Config config = read("dataDir=/d", "ticktme=100", "myPlugin.size=7");
        assertEquals(2, config.warnings().size());
        String warning = config.warnings().get(1).replace(dir.toString() + "/", "");
        assertEquals(
                "zoo.cfg:2: ticktme is not known (the nearest known key is tickTime); it becomes"
                        + " the system property zookeeper.ticktme",
                warning);
        assertEquals(
                Map.of("zookeeper.ticktme", "100", "zookeeper.myPlugin.size", "7"),
                config.properties());
    }

    @Test
    void aKnownKeyWithoutEffectIsSaidToHaveNone() throws Exception {
        Config config = read("dataDir=/d", "admin.serverPort=8081", "electionAlg=3");
        assertEquals(1, config.warnings().size(), config.warnings()::toString);
        assertTrue(config.warnings().getFirst().contains("admin.serverPort has no effect"));
    }

    @Test
    void whatWouldBeUnsafeToIgnoreIsRefused() throws IOException {
        for (String line :
                List.of(
                        "secureClientPort=2281",
                        "ssl.keyStore.location=/k",
                        "authProvider.1=org.example.Provider",
                        "authProvider.2=org.apache.zookeeper.server.auth.X509AuthenticationProvider",
                        "sessionRequireClientSASLAuth=true")) {
            assertTrue(complaint("dataDir=/d", line).startsWith("zoo.cfg:2: " + line + ": "), line);
        }
    }

    @Test
    void aProviderThatCannotBeUsedIsToldWithWhatToDo() throws IOException {
        for (String[] wrong :
                new String[][] {
                    {"org.example.Missing", "name its jar in CLASSPATH"},
                    {"java.lang.String", "is no AuthenticationProvider"},
                    {TokenProvider.class.getName() + "$Broken", "it can't be made: "},
                    {TokenProvider.class.getName() + "$Nameless", "no scheme that it is for"},
                }) {
            String line = "authProvider.1=" + wrong[0];
            String complaint = complaint("dataDir=/d", line);
            assertTrue(complaint.startsWith("zoo.cfg:2: " + line + ": "), complaint);
            assertTrue(complaint.contains(wrong[1]), complaint);
        }
        String good = "authProvider.1=" + TokenProvider.class.getName();
        String complaint = complaint("dataDir=/d", good, "vivarium.record=/r");
        assertTrue(complaint.contains("is in no recording"), complaint);
    }

    @Test
    void whatMustBeProvenCanBeProvenByAProvider() throws Exception {
        Config config =
                read(
                        "dataDir=/d",
                        "authProvider.1=" + TokenProvider.class.getName(),
                        "enforce.auth.enabled=true",
                        "enforce.auth.schemes=token");
        assertEquals(List.of("token"), config.port().requiredSchemes());
        assertTrue(config.settings().schemes().has("token"));
    }

    @Test
    void aProviderWhoseAbsenceLetsNobodyInIsOnlyWarnedOf() throws Exception {
        String line = "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider";
        Config config = read("dataDir=/d", line);
        assertEquals(1, config.warnings().size(), config.warnings()::toString);
        assertTrue(config.warnings().getFirst().contains("authProvider.1 has no effect"));
    }

    @Test
    void anEnsembleOfOneIsAlone() throws Exception {
        Config config = read("dataDir=/d", "server.1=a:2888:3888");
        assertTrue(config.settings().ensemble().isAlone());
        assertFalse(config.warnings().isEmpty());
    }

    @Test
    void theCommandLineCountsMoreThanTheFileAndTheFileMoreThanAProperty() throws Exception {
        var system = new Properties();
        system.setProperty("zookeeper.snapCount", "10");
        system.setProperty("zookeeper.maxCnxns", "20");
        system.setProperty("jute.maxbuffer", "0x200000");
        Path file = write("dataDir=/d", "snapCount=30", "clientPort=1");
        Config config = Config.of(file, Map.of("clientPort", "2"), system);
        assertEquals(30, config.settings().snapCount());
        assertEquals(20, config.port().maxConnections());
        assertEquals(2, config.port().address().getPort());
        assertEquals(0x200000, config.port().maxFrameBytes());
    }

    @Test
    void aSettingThatIsMadeTwiceIsPointedOut() throws Exception {
        Config config = read("dataDir=/d", "tickTime=1", "tickTime=2");
        assertEquals(2, config.settings().timing().tickMillis());
        String warning = config.warnings().getFirst().replace(dir.toString() + "/", "");
        assertEquals("zoo.cfg:3: tickTime was set before, in zoo.cfg:2; this counts", warning);
    }
}
