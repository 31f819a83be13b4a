package vivarium.properties.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/** Servers that are told how to ask who may do what, or not to ask at all. */
class AccessSettingsTest {

    @TempDir Path directory;

    private interface Claim {
        void tryOn(ServerUnderTest server) throws Exception;
    }

    /** Apache's server reads these from system properties when it starts. */
    private void with(Map<String, String> settings, Claim claim) throws Exception {
        Settings all = Settings.standard();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            all = all.with(setting.getKey(), setting.getValue());
            System.setProperty("zookeeper." + setting.getKey(), setting.getValue());
        }
        try (ServerUnderTest server = Brand.underTest().embedded(directory, all)) {
            server.start();
            claim.tryOn(server);
        } finally {
            settings.keySet().forEach(key -> System.clearProperty("zookeeper." + key));
        }
    }

    private static int authenticate(RawClient client) throws IOException {
        byte[] proof = "alice:a".getBytes(UTF_8);
        return client.callAs(Op.AUTH_XID, Op.AUTH, Requests.auth("digest", proof)).err();
    }

    /** Apache's server reads this once in the life of a JVM. */
    @Test
    void withoutAccessListsAnybodyMayDoAnything() throws Exception {
        assumeTrue(Brand.underTest() == Brand.VIVARIUM);
        with(
                Map.of("skipACL", "yes"),
                server -> {
                    try (var client = RawClient.newSession(server.port())) {
                        List<AclEntry> nobody = AclEntry.only(0, "world", "anyone");
                        JuteOut body = Requests.create("/x", new byte[0], nobody, 0);
                        assertEquals(ErrorCode.OK, client.call(Op.CREATE, body).err());
                        JuteOut watched = Requests.read("/x", true);
                        assertEquals(ErrorCode.OK, client.call(Op.GET_DATA, watched).err());
                        JuteOut set = Requests.setData("/x", new byte[1], -1);
                        assertEquals(ErrorCode.OK, client.call(Op.SET_DATA, set).err());
                        assertEquals(1, client.takeEvents().size(), "events too");
                    }
                });
    }

    /** As {@link #withoutAccessListsAnybodyMayDoAnything}. */
    @Test
    void passwordsAreHashedAsIsWanted() throws Exception {
        assumeTrue(Brand.underTest() == Brand.VIVARIUM);
        byte[] proof = "alice:a".getBytes(UTF_8);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(proof);
        String alice = "alice:" + Base64.getEncoder().encodeToString(hash);
        with(
                Map.of("DigestAuthenticationProvider.digestAlg", "SHA-256"),
                server -> {
                    try (var client = RawClient.newSession(server.port())) {
                        assertEquals(ErrorCode.OK, authenticate(client));
                        List<AclEntry> mine = AclEntry.only(AclEntry.ALL, "auth", "");
                        JuteOut body = Requests.create("/x", new byte[0], mine, 0);
                        assertEquals(ErrorCode.OK, client.call(Op.CREATE, body).err());
                        Frame acl = client.call(Op.GET_ACL, Requests.path("/x"));
                        assertEquals(alice, acl.in().acl().getFirst().id());
                    }
                });
    }
}
