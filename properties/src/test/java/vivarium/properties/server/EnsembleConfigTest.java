package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.net.Member;
import vivarium.net.PeerSettings;
import vivarium.server.Config;
import vivarium.server.ConfigException;

/** The keys that make an ensemble of several servers mean what they mean to ZooKeeper. */
class EnsembleConfigTest {

    @TempDir Path dir = Path.of("");

    private Path write(String id, String... lines) throws IOException {
        Files.createDirectories(dir.resolve("data"));
        Files.writeString(dir.resolve("data").resolve("myid"), id);
        var all = new ArrayList<String>();
        all.add("dataDir=" + dir.resolve("data"));
        all.add("initLimit=10");
        all.add("syncLimit=5");
        all.addAll(List.of(lines));
        return Files.write(dir.resolve("zoo.cfg"), all);
    }

    private Config read(String id, String... lines) throws IOException, ConfigException {
        return Config.of(write(id, lines), Map.of(), new Properties());
    }

    private String complaint(String id, String... lines) throws IOException {
        Path file = write(id, lines);
        ConfigException complaint =
                assertThrows(
                        ConfigException.class, () -> Config.of(file, Map.of(), new Properties()));
        return String.valueOf(complaint.getMessage()).replace(dir + "/", "");
    }

    private static PeerSettings peers(Config config) {
        PeerSettings peers = config.peers();
        assertNotNull(peers);
        if (peers == null) {
            throw new AssertionError("alone");
        }
        return peers;
    }

    @Test
    void theLastIdIsNoneWhereZnodesMayHaveATimeToLive() throws Exception {
        String[] lines = {
            "server.1=a:1:2", "server.2=b:1:2", "server.255=c:1:2", "extendedTypesEnabled=true"
        };
        assertTrue(complaint("1", lines).contains("ids go from 0 to 254 with it"));
        lines[3] = "extendedTypesEnabled=false";
        assertEquals(List.of(1L, 2L, 255L), read("1", lines).settings().ensemble().voters());
        lines[2] = "server.254=c:1:2";
        lines[3] = "extendedTypesEnabled=true";
        assertTrue(read("1", lines).settings().extendedTypes());
    }

    @Test
    void everyFormOfALineIsUnderstood() throws Exception {
        Config config =
                read(
                        "2\n",
                        "server.1=one.example:2888:3888",
                        "server.2=127.0.0.1:2889:3889:participant;2182",
                        "server.3=[::1]:2890:3890|three.example:2891:3891;0.0.0.0:2183",
                        "server.4=four:2892:3892:observer",
                        "peerType=participant",
                        "cnxTimeout=700",
                        "quorumListenOnAllIPs=true",
                        "electionPortBindRetry=0");
        assertEquals(List.of(1L, 2L, 3L), config.settings().ensemble().voters());
        assertEquals(List.of(4L), config.settings().ensemble().observers());
        assertEquals(2, config.settings().ensemble().self());
        assertEquals(2182, config.port().address().getPort());
        PeerSettings peers = peers(config);
        assertEquals(
                List.of(
                        new Member.Address("::1", 2890, 3890),
                        new Member.Address("three.example", 2891, 3891)),
                peers.members().get(2).addresses());
        assertEquals(700, peers.connectMillis());
        assertTrue(peers.listensEverywhere());
        assertEquals(0, peers.bindTries());
        assertEquals(
                """
                server.1=one.example:2888:3888:participant
                server.2=127.0.0.1:2889:3889:participant;0.0.0.0:2182
                server.3=[::1]:2890:3890|three.example:2891:3891:participant;0.0.0.0:2183
                server.4=four:2892:3892:observer
                version=0\
                """,
                peers.text());
        assertEquals(List.of(), config.warnings());
    }

    @Test
    void aLineThatSaysSomethingElseIsRefusedWithItsPlace() throws IOException {
        for (String line :
                List.of(
                        "server.1=a",
                        "server.1=a:2888",
                        "server.1=a:2888:3888:4888:5888",
                        "server.1=a:x:3888",
                        "server.1=a:2888:2888",
                        "server.1=a:2888:70000",
                        "server.1=a::3888",
                        "server.1=[::1:2888:3888",
                        "server.1=a:2888:3888:witness",
                        "server.1=a:2888:3888|b:2888:3888:observer",
                        "server.1=a:2888:3888;2181;2182",
                        "server.one=a:2888:3888",
                        "server.300=a:2888:3888",
                        "group.1=1:2",
                        "weight.1=2")) {
            String said = complaint("1", "server.2=b:2888:3888", "server.3=c:2888:3888", line);
            assertTrue(said.startsWith("zoo.cfg:6: " + line + ": "), () -> line + " gives " + said);
        }
    }

    @Test
    void theFileMyidSaysWhichServerThisIs() throws IOException {
        String[] lines = {"server.1=a:2888:3888", "server.2=b:2888:3888", "server.3=c:2888:3888"};
        assertTrue(complaint("x", lines).startsWith("data/myid:1: 'x': "));
        assertTrue(complaint("4", lines).startsWith("data/myid: 4: there is no server.4 "));
        Path file = write("1", lines);
        Files.delete(dir.resolve("data").resolve("myid"));
        ConfigException complaint =
                assertThrows(
                        ConfigException.class, () -> Config.of(file, Map.of(), new Properties()));
        assertTrue(String.valueOf(complaint.getMessage()).contains("myid can't be read"));
    }

    @Test
    void whatMakesNoEnsembleIsRefused() throws IOException {
        assertTrue(
                complaint("1", "server.1=a:2888:3888", "server.2=b:2888:3888:observer")
                        .contains("standaloneEnabled=false"));
        assertTrue(
                complaint("1", "server.1=a:2888:3888:observer", "server.2=b:2888:3888:observer")
                        .contains("nobody could lead"));
        assertTrue(complaint("1", "peerType=observer").contains("can't observe"));
        assertTrue(
                complaint(
                                "1",
                                "server.1=127.0.0.1:2888:3888;2181",
                                "server.2=b:2888:3888",
                                "server.3=c:2888:3888",
                                "clientPort=2182")
                        .startsWith("zoo.cfg:7: clientPort=2182: the line server.1 says 2181"));
        assertTrue(complaint("1", "electionAlg=1").contains("3 is the only way"));
    }

    @Test
    void limitsHaveNoDefaultInAnEnsemble() throws Exception {
        Files.createDirectories(dir.resolve("data"));
        Path file =
                Files.write(
                        dir.resolve("zoo.cfg"),
                        List.of(
                                "dataDir=" + dir.resolve("data"),
                                "server.1=a:2888:3888",
                                "server.2=b:2888:3888"));
        Files.writeString(dir.resolve("data").resolve("myid"), "1");
        ConfigException complaint =
                assertThrows(
                        ConfigException.class, () -> Config.of(file, Map.of(), new Properties()));
        assertTrue(
                String.valueOf(complaint.getMessage()).startsWith("initLimit is not set"),
                complaint::getMessage);
    }

    @Test
    void theServersMayBeListedInAFileOfTheirOwn() throws Exception {
        Path dynamic =
                Files.write(
                        dir.resolve("zoo.cfg.dynamic.100000000"),
                        List.of("server.1=a:2888:3888;2181", "server.2=b:2888:3888;2181"));
        Config config = read("2", "dynamicConfigFile=" + dynamic);
        assertEquals(List.of(1L, 2L), config.settings().ensemble().voters());
        assertEquals(0x100000000L, peers(config).version());
        assertTrue(
                complaint("2", "dynamicConfigFile=" + dynamic, "server.3=c:2888:3888")
                        .contains("not in both"));
        Files.write(dynamic, List.of("server.1=a:2888:3888;2181", "tickTime=5"));
        assertTrue(
                complaint("2", "dynamicConfigFile=" + dynamic)
                        .startsWith("zoo.cfg.dynamic.100000000:2: tickTime: "));
    }
}
