package vivarium.properties.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.DigestScheme;
import vivarium.properties.servers.RunningServer;
import vivarium.properties.servers.Settings;

/** Who a connection is taken for, and what an ACL says then. */
class IdentitiesTest {

    private static final String ALICE = "alice:a";
    private static final String BOB = "bob:b";

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    @Shows(Fact.AUTH_IS_ANSWERED_WITH_ZXID_ZERO)
    void anAuthenticationIsAnsweredUnderItsXidWithZxidZero() throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            Frame reply = authenticate(client, ALICE);
            assertEquals(Op.AUTH_XID, reply.xid());
            assertEquals(0, reply.zxid());
            assertEquals(ErrorCode.OK, reply.err());
            assertEquals(0, reply.body().length);
        }
    }

    @Test
    @Shows(Fact.AN_UNKNOWN_SCHEME_CLOSES)
    void anUnknownSchemeIsRefusedAndTheConnectionClosed() throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            Frame reply =
                    client.callAs(Op.AUTH_XID, Op.AUTH, Requests.auth("nonsense", new byte[0]));
            assertEquals(ErrorCode.AUTH_FAILED, reply.err());
            client.expectClosed();
        }
    }

    @Test
    @Shows(Fact.AUTH_STANDS_FOR_ALL_DIGESTS_THAT_WERE_PROVEN)
    void authStandsForEveryIdentityThatWasProven() throws IOException {
        String path = server.freshPath() + "/x";
        try (var client = RawClient.newSession(server.port())) {
            authenticate(client, ALICE);
            authenticate(client, BOB);
            create(client, path, AclEntry.only(AclEntry.ALL, "auth", ""));
            assertEquals(
                    List.of(
                            new AclEntry(31, "digest", DigestScheme.identity(ALICE)),
                            new AclEntry(31, "digest", DigestScheme.identity(BOB))),
                    acl(client, path));
        }
    }

    @Test
    void authOfOneWhoProvedNothingIsRefused() throws IOException {
        String path = server.freshPath() + "/x";
        try (var client = RawClient.newSession(server.port())) {
            assertEquals(
                    ErrorCode.INVALID_ACL,
                    client.call(
                                    Op.CREATE,
                                    Requests.create(
                                            path, new byte[0], AclEntry.only(31, "auth", ""), 0))
                            .err());
        }
    }

    @Test
    @Shows(Fact.HASHES_ARE_MASKED_FOR_WHO_IS_NO_ADMINISTRATOR)
    void theHashOfADigestIsShownToAdministratorsOnly() throws IOException {
        String path = server.freshPath() + "/x";
        String alice = DigestScheme.identity(ALICE);
        try (var admin = RawClient.newSession(server.port());
                var reader = RawClient.newSession(server.port())) {
            authenticate(admin, ALICE);
            create(
                    admin,
                    path,
                    List.of(
                            new AclEntry(AclEntry.ALL, "digest", alice),
                            new AclEntry(AclEntry.READ, "world", "anyone")));
            assertEquals(alice, acl(admin, path).getFirst().id());
            assertEquals("alice:x", acl(reader, path).getFirst().id());
        }
    }

    @Test
    @Shows(Fact.AN_ACCESS_LIST_IS_FOR_READERS_AND_ADMINISTRATORS)
    void anAclIsShownToReadersAndAdministratorsOnly() throws IOException {
        String path = server.freshPath() + "/x";
        try (var client = RawClient.newSession(server.port())) {
            create(client, path, AclEntry.only(AclEntry.WRITE, "world", "anyone"));
            assertEquals(ErrorCode.NO_AUTH, client.call(Op.GET_ACL, Requests.path(path)).err());
        }
    }

    @Test
    void entriesOfTheSameMeaningAreKeptOnce() throws IOException {
        String path = server.freshPath() + "/x";
        var open = new AclEntry(31, "world", "anyone");
        var local = new AclEntry(1, "ip", "127.0.0.1");
        try (var client = RawClient.newSession(server.port())) {
            create(client, path, List.of(open, local, open));
            assertEquals(List.of(open, local), acl(client, path));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.0.0.0/8, true",
        "0.0.0.0/0, true",
        "127.0.0.2, false",
        "10.0.0.0/8, false",
        "126.0.0.0/7, true",
        "::1, false",
        "::/0, false",
    })
    @Shows(Fact.ADDRESSES_MATCH_BY_THEIR_LEADING_BITS)
    void anAddressMatchesByItsLeadingBits(String id, boolean matches) throws IOException {
        String path = server.freshPath() + "/x";
        try (var client = RawClient.newSession(server.port())) {
            create(client, path, AclEntry.only(AclEntry.READ, "ip", id));
            assertEquals(
                    matches ? ErrorCode.OK : ErrorCode.NO_AUTH,
                    client.call(Op.GET_DATA, Requests.read(path, false)).err());
        }
    }

    @Test
    void theSuperUserPassesEveryAcl() throws IOException {
        String path = server.freshPath() + "/x";
        try (var client = RawClient.newSession(server.port());
                var superUser = RawClient.newSession(server.port())) {
            create(client, path, AclEntry.only(0, "world", "anyone"));
            assertEquals(
                    ErrorCode.NO_AUTH, client.call(Op.GET_DATA, Requests.read(path, false)).err());
            authenticate(client, Settings.SUPER_CREDENTIALS + "x");
            assertEquals(
                    ErrorCode.NO_AUTH,
                    client.call(Op.GET_DATA, Requests.read(path, false)).err(),
                    "the name alone proves nothing");
            authenticate(superUser, Settings.SUPER_CREDENTIALS);
            assertEquals(
                    ErrorCode.OK, superUser.call(Op.GET_DATA, Requests.read(path, false)).err());
        }
    }

    @Test
    void toDeleteOneNeedsRightsOnTheParent() throws IOException {
        String path = server.freshPath() + "/x";
        try (var client = RawClient.newSession(server.port())) {
            create(client, path, AclEntry.only(AclEntry.ALL - AclEntry.DELETE, "world", "anyone"));
            create(client, path + "/c", AclEntry.OPEN);
            assertEquals(
                    ErrorCode.NO_AUTH,
                    client.call(Op.DELETE, Requests.delete(path + "/c", -1)).err());
            assertEquals(
                    ErrorCode.OK,
                    client.call(Op.SET_DATA, Requests.setData(path + "/c", null, -1)).err());
        }
    }

    private static Frame authenticate(RawClient client, String credentials) throws IOException {
        return client.callAs(
                Op.AUTH_XID, Op.AUTH, Requests.auth("digest", credentials.getBytes(UTF_8)));
    }

    private static void create(RawClient client, String path, List<AclEntry> acl)
            throws IOException {
        Frame reply =
                client.call(Op.CREATE, Requests.create(path, new byte[0], acl, Op.PERSISTENT));
        assertEquals(ErrorCode.OK, reply.err());
    }

    private static List<AclEntry> acl(RawClient client, String path) throws IOException {
        Frame reply = client.call(Op.GET_ACL, Requests.path(path));
        assertEquals(ErrorCode.OK, reply.err());
        return reply.in().acl();
    }
}
