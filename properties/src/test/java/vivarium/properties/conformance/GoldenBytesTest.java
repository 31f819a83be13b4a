package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.properties.raw.RawClient;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.RunningServer;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/** A whole conversation with a fresh server, byte by byte. */
class GoldenBytesTest {

    private Path directory;
    private ServerUnderTest server;

    @BeforeEach
    void startFresh() throws IOException {
        directory = Files.createTempDirectory("golden");
        server = Brand.underTest().embedded(directory.resolve("data"), Settings.standard());
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        RunningServer.deleteRecursively(directory);
    }

    @Test
    @Shows({Fact.BYTES_OF_REQUESTS, Fact.A_FRESH_TREE_AND_ITS_FIRST_ZXID})
    void theFirstConversationOfAFreshServer() throws Exception {
        try (var client = RawClient.dial(server.port())) {
            isWelcomed(client);

            // getData("/a", watch): NoNode, and the createSession was the first transaction
            says(client, "00000001 00000004 00000002 2f61 01");
            hears(client, "00000001 0000000000000001 ffffff9b");

            // exists("/a", watch): NoNode
            says(client, "00000002 00000003 00000002 2f61 01");
            hears(client, "00000002 0000000000000001 ffffff9b");

            // create("/a", "x", world:anyone:31, PERSISTENT): the event, then the reply
            says(
                    client,
                    "00000003 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005"
                            + " 776f726c64 00000006 616e796f6e65 00000000");
            hears(client, "ffffffff 0000000000000002 00000000 00000001 00000003 00000002 2f61");
            hears(client, "00000003 0000000000000002 00000000 00000002 2f61");

            // ping
            says(client, "fffffffe 0000000b");
            hears(client, "fffffffe 0000000000000002 00000000");

            // getChildren("/")
            says(client, "00000004 00000008 00000001 2f 00");
            byte[] children = client.receive();
            assertNotNull(children);
            assertEquals("00000002", HexFormat.of().formatHex(children, 16, 20));

            // getACL("/a"): world:anyone:31, then 68 bytes of Stat
            says(client, "00000005 00000006 00000002 2f61");
            byte[] acl = client.receive();
            assertNotNull(acl);
            assertEquals(
                    bare("00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65"),
                    HexFormat.of().formatHex(acl, 16, 43));
            assertEquals(43 + 68, acl.length);

            // an empty multi: its terminator alone, under a zxid of its own
            says(client, "00000006 0000000e ffffffff 01 ffffffff");
            hears(client, "00000006 0000000000000003 00000000 ffffffff 01 ffffffff");

            // sync("/a") echoes the path
            says(client, "00000007 00000009 00000002 2f61");
            hears(client, "00000007 0000000000000003 00000000 00000002 2f61");

            // delete("/a", -1)
            says(client, "00000008 00000002 00000002 2f61 ffffffff");
            hears(client, "00000008 0000000000000004 00000000");

            // closeSession
            says(client, "00000009 fffffff5");
            hears(client, "00000009 0000000000000005 00000000");
            client.expectClosed();
        }
    }

    private static void isWelcomed(RawClient client) throws IOException {
        String none = "00".repeat(16);
        says(client, "00000000 0000000000000000 00007530 0000000000000000 00000010" + none + "00");
        byte[] welcome = client.receive();
        assertNotNull(welcome);
        assertEquals("0000000000007530", HexFormat.of().formatHex(welcome, 0, 8));
    }

    @Test
    @Shows(Fact.A_FRESH_TREE_AND_ITS_FIRST_ZXID)
    void aFreshTreeHoldsTheNodesOfTheSystem() throws Exception {
        try (var client = RawClient.newSession(server.port())) {
            // exists("/zookeeper/quota"): a Stat of zeroes
            says(client, "00000001 00000003 00000010 2f7a6f6f6b65657065722f71756f7461 00");
            hears(client, "00000001 0000000000000001 00000000" + "00".repeat(68));
            // getData("/zookeeper/config"): empty, its Stat zero but for the aversion (at 40)
            says(client, "00000002 00000004 00000011 2f7a6f6f6b65657065722f636f6e666967 00");
            hears(
                    client,
                    "00000002 0000000000000001 00000000 00000000"
                            + "00".repeat(40)
                            + "ffffffff"
                            + "00".repeat(24));
        }
    }

    private static void says(RawClient client, String payload) throws IOException {
        client.send(HexFormat.of().parseHex(bare(payload)));
    }

    private static void hears(RawClient client, String payload) throws IOException {
        byte[] frame = client.receive();
        assertNotNull(frame);
        assertEquals(bare(payload), HexFormat.of().formatHex(frame));
    }

    private static String bare(String hex) {
        return hex.replace(" ", "");
    }
}
