package vivarium.properties.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.server.auth.ProviderRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/** An operator's own ways to prove who one is mean the same here as with Apache's server. */
class AuthProvidersTest {
    private static final Map<String, String> PROVIDERS =
            Map.of(
                    "authProvider.1", TokenProvider.class.getName(),
                    "authProvider.2", TokenProvider.ByPath.class.getName());

    @TempDir Path directory = Path.of("");

    private interface Claim {
        void tryOn(int port) throws Exception;
    }

    private void on(Brand brand, Claim claim) throws Exception {
        Settings all = Settings.standard();
        for (Map.Entry<String, String> setting : PROVIDERS.entrySet()) {
            all = all.with(setting.getKey(), setting.getValue());
            System.setProperty("zookeeper." + setting.getKey(), setting.getValue());
        }
        ProviderRegistry.reset();
        try (ServerUnderTest server = brand.embedded(directory, all)) {
            server.start();
            claim.tryOn(server.port());
        } finally {
            PROVIDERS.keySet().forEach(key -> System.clearProperty("zookeeper." + key));
            ProviderRegistry.reset();
        }
    }

    private static int prove(RawClient client, String scheme, String proof) throws IOException {
        return client.callAs(Op.AUTH_XID, Op.AUTH, Requests.auth(scheme, proof.getBytes(UTF_8)))
                .err();
    }

    private static RawClient proven(int port, String scheme, String proof) throws IOException {
        RawClient client = RawClient.newSession(port);
        assertEquals(ErrorCode.OK, prove(client, scheme, proof));
        return client;
    }

    private static int create(RawClient client, String path, String scheme, String id)
            throws IOException {
        List<AclEntry> list = AclEntry.only(AclEntry.ALL, scheme, id);
        return client.call(Op.CREATE, Requests.create(path, new byte[0], list, 0)).err();
    }

    private static int read(RawClient client, String path) throws IOException {
        return client.call(Op.GET_DATA, Requests.read(path, false)).err();
    }

    private static int delete(RawClient client, String path) throws IOException {
        return client.call(Op.DELETE, Requests.delete(path, -1)).err();
    }

    private static int setAcl(RawClient client, String path, String scheme, String id)
            throws IOException {
        JuteOut body = Requests.setAcl(path, AclEntry.only(AclEntry.ALL, scheme, id), -1);
        return client.call(Op.SET_ACL, body).err();
    }

    @ParameterizedTest
    @EnumSource
    void whoeverTheProviderKnowsMayWhatItsEntriesSay(Brand brand) throws Exception {
        on(
                brand,
                port -> {
                    try (var ann = proven(port, "token", "let ann");
                            var bob = proven(port, "token", "let bob");
                            var nobody = RawClient.newSession(port)) {
                        assertEquals(ErrorCode.OK, create(ann, "/own", "auth", ""));
                        assertEquals(ErrorCode.OK, create(ann, "/b", "token", "b*"));
                        assertEquals(ErrorCode.INVALID_ACL, create(ann, "/c", "token", ""));
                        assertEquals(ErrorCode.OK, read(ann, "/own"));
                        assertEquals(ErrorCode.NO_AUTH, read(bob, "/own"));
                        assertEquals(ErrorCode.NO_AUTH, read(ann, "/b"));
                        assertEquals(ErrorCode.OK, read(bob, "/b"));
                        assertEquals(ErrorCode.NO_AUTH, read(nobody, "/b"));
                        JuteOut set = Requests.setData("/b", new byte[1], -1);
                        assertEquals(ErrorCode.OK, bob.call(Op.SET_DATA, set).err());
                        assertEquals(ErrorCode.NO_AUTH, nobody.call(Op.SET_DATA, set).err());
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsToldThePathGoesByIt(Brand brand) throws Exception {
        on(
                brand,
                port -> {
                    try (var any = proven(port, "path", "x");
                            var nobody = RawClient.newSession(port)) {
                        assertEquals(ErrorCode.INVALID_ACL, create(any, "/p", "auth", ""));
                        assertEquals(ErrorCode.INVALID_ACL, create(any, "/p", "path", "p"));
                        assertEquals(ErrorCode.OK, create(any, "/p", "path", "/p"));
                        assertEquals(ErrorCode.OK, create(any, "/p/q", "path", "/other"));
                        assertEquals(ErrorCode.OK, read(any, "/p"));
                        assertEquals(ErrorCode.NO_AUTH, read(nobody, "/p"));
                        assertEquals(ErrorCode.NO_AUTH, read(any, "/p/q"));
                        assertEquals(ErrorCode.NO_AUTH, delete(any, "/p/q"), "DELETE, for 8");
                        assertEquals(ErrorCode.NO_AUTH, create(any, "/p/r", "world", "anyone"));
                        assertEquals(ErrorCode.NO_AUTH, setAcl(any, "/p", "world", "anyone"));
                        assertEquals(ErrorCode.OK, setAcl(any, "/p", "path", "/"));
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void aProofThatFailsEndsTheConnectionWhateverTheReason(Brand brand) throws Exception {
        on(
                brand,
                port -> {
                    for (String proof : List.of("wrong", "fail", "")) {
                        try (var client = RawClient.newSession(port)) {
                            assertEquals(ErrorCode.AUTH_FAILED, prove(client, "token", proof));
                            client.expectClosed();
                        }
                    }
                    try (var other = proven(port, "digest", "a:b")) {
                        assertTrue(create(other, "/x", "auth", "") == ErrorCode.OK, "still there");
                    }
                });
    }

    @Test
    void oneThatFailsWhateverItIsAskedHarmsNobodyElse() throws Exception {
        Settings settings =
                Settings.standard()
                        .with("authProvider.1", TokenProvider.Failing.class.getName())
                        .with("audit.enable", "true");
        try (ServerUnderTest server = Brand.VIVARIUM.embedded(directory, settings)) {
            server.start();
            try (var known = proven(server.port(), "failing", "x");
                    var nobody = RawClient.newSession(server.port())) {
                assertEquals(ErrorCode.INVALID_ACL, create(known, "/own", "auth", ""));
                assertEquals(ErrorCode.INVALID_ACL, create(known, "/own", "failing", "secret"));
                assertEquals(ErrorCode.OK, create(known, "/all", "world", "anyone"), "audited");
                assertEquals(ErrorCode.OK, read(nobody, "/all"));
                assertEquals(ErrorCode.NO_NODE, read(nobody, "/own"));
            }
        }
    }
}
