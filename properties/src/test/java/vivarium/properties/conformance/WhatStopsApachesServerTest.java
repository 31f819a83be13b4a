package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ChildServer;
import vivarium.properties.servers.Settings;

/** What any client may ask for: Apache's server ends, and never starts again; ours does it. */
class WhatStopsApachesServerTest {
    @TempDir Path directory = Path.of("");

    /** One request. */
    private record Ask(int opcode, JuteOut body) {}

    private static Ask create(String path, String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return new Ask(Op.CREATE, Requests.create(path, bytes, AclEntry.OPEN, 0));
    }

    /** The last of them is what Apache's server does not survive. */
    private void expectThatOnlyApachesStops(List<Ask> asks) throws Exception {
        Settings settings = Settings.standard();
        try (ChildServer ours = Brand.VIVARIUM.child(directory.resolve("ours"), settings)) {
            ours.start();
            askAll(ours, asks);
            ours.kill();
            ours.start();
        }
        try (ChildServer theirs = Brand.APACHE.child(directory.resolve("theirs"), settings)) {
            theirs.start();
            askAll(theirs, asks.subList(0, asks.size() - 1));
            try (RawClient client = RawClient.newSession(theirs.port())) {
                Ask last = asks.getLast();
                client.send(1, last.opcode(), last.body().toBytes());
                client.expectClosed();
            }
            theirs.kill();
            assertThrows(AssertionError.class, theirs::start);
        }
    }

    private static void askAll(ChildServer server, List<Ask> asks) throws Exception {
        try (RawClient client = RawClient.newSession(server.port())) {
            for (Ask ask : asks) {
                assertEquals(ErrorCode.OK, client.call(ask.opcode(), ask.body()).err());
            }
        }
    }

    /** That does not stop it, but nobody can write there any more. */
    @Test
    void whatIsBelowAQuotaThatNobodyCanReadIsWrittenHereOnly() throws Exception {
        Settings settings = Settings.standard();
        String home = "/zookeeper/quota/q";
        List<Ask> asks =
                List.of(
                        create("/q", ""),
                        create(home, ""),
                        create(home + "/zookeeper_limits", "nonsense"),
                        create(home + "/zookeeper_stats", ""));
        try (ChildServer ours = Brand.VIVARIUM.child(directory.resolve("ours"), settings);
                ChildServer theirs = Brand.APACHE.child(directory.resolve("theirs"), settings)) {
            for (ChildServer server : List.of(ours, theirs)) {
                server.start();
                askAll(server, asks);
                try (RawClient client = RawClient.newSession(server.port())) {
                    int expected = server == theirs ? ErrorCode.MARSHALLING : ErrorCode.OK;
                    Ask below = create("/q/x", "");
                    assertEquals(expected, client.call(below.opcode(), below.body()).err());
                }
            }
        }
    }

    @Test
    void limitsThatAreNoneDeleted() throws Exception {
        String limits = "/zookeeper/x/zookeeper_limits";
        expectThatOnlyApachesStops(
                List.of(
                        create("/zookeeper/x", ""),
                        create(limits, ""),
                        new Ask(Op.DELETE, Requests.delete(limits, -1))));
    }
}
