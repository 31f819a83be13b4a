package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Frame.Event;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.RunningServer;

/** Watches: which change fires which, once, and in what order with the replies. */
class WatchesTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    @Shows(Fact.AN_EVENT_COMES_BEFORE_THE_REPLY_TO_ITS_CAUSE)
    void theEventOfAClientsOwnWriteComesBeforeTheReplyAndBearsItsZxid() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.GET_DATA, Requests.read(path, true));
            client.send(9, Op.SET_DATA, Requests.setData(path, new byte[1], -1).toBytes());

            Frame event = client.receiveFrame();
            Frame reply = client.receiveFrame();
            assertNotNull(event);
            assertNotNull(reply);
            assertEquals(Event.of(Event.DATA_CHANGED, path), event.event());
            assertEquals(9, reply.xid());
            assertEquals(reply.zxid(), event.zxid());
        }
    }

    @Test
    void theEventOfAnothersWriteComesBeforeTheReadThatShowsIt() throws IOException {
        String path = server.freshPath();
        try (var reader = RawClient.newSession(server.port());
                var writer = RawClient.newSession(server.port())) {
            for (int version = 0; version < 50; version++) {
                reader.call(Op.GET_DATA, Requests.read(path, true));
                writer.call(Op.SET_DATA, Requests.setData(path, new byte[1], version));
                reader.call(Op.GET_DATA, Requests.read(path, false));
                assertEquals(List.of(Event.of(Event.DATA_CHANGED, path)), reader.takeEvents());
            }
        }
    }

    @Test
    @Shows(Fact.A_DELETION_IS_TOLD_ONCE)
    void aDeletionIsToldOnceToOneWhoWatchesDataAndChildren() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.CREATE, Requests.create(path + "/n", 0));
            client.call(Op.GET_DATA, Requests.read(path + "/n", true));
            client.call(Op.GET_CHILDREN, Requests.read(path + "/n", true));
            client.call(Op.GET_CHILDREN, Requests.read(path, true));
            client.call(Op.DELETE, Requests.delete(path + "/n", -1));
            assertEquals(
                    List.of(
                            Event.of(Event.DELETED, path + "/n"),
                            Event.of(Event.CHILDREN_CHANGED, path)),
                    client.takeEvents());
        }
    }

    @Test
    @Shows(Fact.EXISTS_WATCHES_FOR_WHAT_IS_NOT_THERE)
    void existsOnAMissingZnodeWatchesForItsCreation() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            assertEquals(
                    ErrorCode.NO_NODE,
                    client.call(Op.EXISTS, Requests.read(path + "/n", true)).err());
            client.call(Op.CREATE, Requests.create(path + "/n", 0));
            assertEquals(List.of(Event.of(Event.CREATED, path + "/n")), client.takeEvents());
        }
    }

    @Test
    void aReadOfAMissingZnodeLeavesNoWatch() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.GET_DATA, Requests.read(path + "/n", true));
            client.call(Op.GET_CHILDREN, Requests.read(path + "/n", true));
            client.call(Op.GET_CHILDREN2, Requests.read(path + "/n", true));
            client.call(Op.CREATE, Requests.create(path + "/n", 0));
            client.call(Op.DELETE, Requests.delete(path + "/n", -1));
            assertEquals(List.of(), client.takeEvents());
        }
    }

    @Test
    void theSameWatchSetTwiceFiresOnce() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.GET_DATA, Requests.read(path, true));
            client.call(Op.EXISTS, Requests.read(path, true));
            client.call(Op.SET_DATA, Requests.setData(path, new byte[0], -1));
            client.call(Op.SET_DATA, Requests.setData(path, new byte[0], -1));
            assertEquals(List.of(Event.of(Event.DATA_CHANGED, path)), client.takeEvents());
        }
    }

    @Test
    void aChangeOfTheAclFiresNothing() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.GET_DATA, Requests.read(path, true));
            client.call(Op.GET_CHILDREN, Requests.read(path, true));
            client.call(Op.SET_ACL, Requests.setAcl(path, AclEntry.OPEN, -1));
            client.ping();
            assertEquals(List.of(), client.takeEvents());
        }
    }

    @Test
    void noEventGoesToAConnectionThatMayNotReadTheZnode() throws IOException {
        String path = server.freshPath();
        try (var watcher = RawClient.newSession(server.port());
                var writer = RawClient.newSession(server.port())) {
            watcher.call(Op.GET_DATA, Requests.read(path, true));
            List<AclEntry> unreadable =
                    AclEntry.only(AclEntry.ALL - AclEntry.READ, "world", "anyone");
            writer.call(Op.SET_ACL, Requests.setAcl(path, unreadable, -1));
            writer.call(Op.SET_DATA, Requests.setData(path, new byte[0], -1));
            watcher.ping();
            assertEquals(List.of(), watcher.takeEvents());
        }
    }

    @Test
    @Shows(Fact.WATCHES_SET_AGAIN_TELL_WHAT_WAS_MISSED)
    void watchesSetAgainFireForWhatWasMissed() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            long before = client.ping().zxid();
            client.call(Op.CREATE, Requests.create(path + "/p", 0));
            client.call(Op.CREATE, Requests.create(path + "/p/c", 0));
            client.call(Op.SET_DATA, Requests.setData(path + "/p", new byte[1], -1));

            JuteOut body =
                    Requests.setWatches(
                            before,
                            List.of(path + "/p", path + "/gone"),
                            List.of(path + "/p"),
                            List.of(path + "/p", path + "/gone"));
            client.send(Op.SET_WATCHES_XID, Op.SET_WATCHES, body.toBytes());

            var events = new ArrayList<Event>();
            for (int i = 0; i < 5; i++) {
                Frame frame = client.receiveFrame();
                assertNotNull(frame);
                assertEquals(-1, frame.zxid(), "of these events no zxid is known");
                events.add(frame.event());
            }
            assertEquals(
                    List.of(
                            Event.of(Event.DATA_CHANGED, path + "/p"),
                            Event.of(Event.DELETED, path + "/gone"),
                            Event.of(Event.CREATED, path + "/p"),
                            Event.of(Event.CHILDREN_CHANGED, path + "/p"),
                            Event.of(Event.DELETED, path + "/gone")),
                    events);
            Frame reply = client.receiveFrame();
            assertNotNull(reply);
            assertEquals(Op.SET_WATCHES_XID, reply.xid());
            assertEquals(ErrorCode.OK, reply.err());
            assertEquals(0, reply.body().length);
        }
    }

    @Test
    @Shows(Fact.WATCHES_SET_AGAIN_TELL_WHAT_WAS_MISSED)
    void watchesSetAgainWaitWhereNothingWasMissed() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.CREATE, Requests.create(path + "/p", 0));
            long now = client.ping().zxid();
            Frame reply =
                    client.callAs(
                            Op.SET_WATCHES_XID,
                            Op.SET_WATCHES,
                            Requests.setWatches(
                                    now,
                                    List.of(path + "/p"),
                                    List.of(path + "/q"),
                                    List.of(path)));
            assertEquals(ErrorCode.OK, reply.err());
            assertEquals(List.of(), client.takeEvents());

            client.call(Op.SET_DATA, Requests.setData(path + "/p", new byte[1], -1));
            client.call(Op.CREATE, Requests.create(path + "/q", 0));
            assertEquals(
                    List.of(
                            Event.of(Event.DATA_CHANGED, path + "/p"),
                            Event.of(Event.CREATED, path + "/q"),
                            Event.of(Event.CHILDREN_CHANGED, path)),
                    client.takeEvents());
        }
    }

    @Test
    void theEphemeralsOfAClosedSessionFireTheirWatches() throws IOException {
        String path = server.freshPath();
        try (var owner = RawClient.newSession(server.port());
                var watcher = RawClient.newSession(server.port())) {
            owner.call(Op.CREATE, Requests.create(path + "/e", Op.EPHEMERAL));
            watcher.call(Op.EXISTS, Requests.read(path + "/e", true));
            watcher.call(Op.GET_CHILDREN, Requests.read(path, true));
            owner.call(Op.CLOSE_SESSION, new JuteOut());
            watcher.ping();
            assertEquals(
                    List.of(
                            Event.of(Event.DELETED, path + "/e"),
                            Event.of(Event.CHILDREN_CHANGED, path)),
                    watcher.takeEvents());
        }
    }
}
