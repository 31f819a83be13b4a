package vivarium.properties.differential;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/**
 * Drawn steps, carried out on one server. A try has a znode of its own for a parent; it ends with
 * all of its sessions closed and with what the super user then finds below that parent.
 */
final class Conversation {

    static final int CLIENTS = 3;
    private static final int SHOW_XID = 1000;

    private final ServerUnderTest server;
    private final List<Step> steps;
    private final Ear ear;
    private final Transcript.Recorder record = new Transcript.Recorder();

    Conversation(ServerUnderTest server, List<Step> steps, Ear ear) {
        this.server = server;
        this.steps = steps;
        this.ear = ear;
    }

    /**
     * @param parent a path that does not exist yet
     */
    Transcript hold(String parent) throws IOException {
        try (RawClient superUser = RawClient.newSession(server.port())) {
            superUser.callAs(
                    Op.AUTH_XID,
                    Op.AUTH,
                    Requests.auth(
                            "digest", Settings.SUPER_CREDENTIALS.getBytes(StandardCharsets.UTF_8)));
            Frame created = superUser.call(Op.CREATE, Requests.create(parent, Op.PERSISTENT));
            if (created.err() != ErrorCode.OK) {
                throw new AssertionError("cannot create " + parent + ": " + created.err());
            }
            Scene scene = new Scene(parent, created.zxid());
            speak(scene);
            record.says("what is left");
            dump(superUser, scene, "~");
            record.says("the rest of the tree");
            show(
                    superUser,
                    scene,
                    List.of(
                            new Request.Read(Op.EXISTS, "/", false),
                            new Request.Read(Op.GET_CHILDREN2, "/zookeeper", false),
                            new Request.Read(Op.GET_DATA, "/zookeeper/config", false),
                            new Request.PathOnly(Op.GET_ACL, "/zookeeper/config")));
            superUser.call(Op.CLOSE_SESSION, new JuteOut());
        }
        return record.transcript();
    }

    private void speak(Scene scene) throws IOException {
        var speakers = new ArrayList<Speaker>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                speakers.add(new Speaker(server.port(), ear, scene, record));
            }
            for (Step step : steps) {
                record.says(step.toString());
                speakers.get(step.client()).take(step);
            }
            for (Speaker speaker : speakers) {
                record.says("client " + speakers.indexOf(speaker) + " closes its sessions");
                speaker.closeAllSessions();
            }
        } catch (AssertionError e) {
            record.answer(Transcript.BROKE_OFF + e.getMessage());
        } finally {
            for (Speaker speaker : speakers) {
                speaker.close();
            }
        }
    }

    private void dump(RawClient superUser, Scene scene, String path) throws IOException {
        var requests =
                List.of(
                        new Request.Read(Op.GET_DATA, path, false),
                        new Request.PathOnly(Op.GET_ACL, path),
                        new Request.Read(Op.GET_CHILDREN, path, false));
        List<Frame> replies = show(superUser, scene, requests);
        if (replies.getLast().err() == ErrorCode.OK) {
            for (String child : replies.getLast().in().texts().stream().sorted().toList()) {
                dump(superUser, scene, path + "/" + child);
            }
        }
    }

    private List<Frame> show(RawClient superUser, Scene scene, List<? extends Request> requests)
            throws IOException {
        for (Request request : requests) {
            superUser.send(
                    SHOW_XID, RequestBytes.opcode(request), RequestBytes.body(request, scene));
        }
        var replies = new ArrayList<Frame>();
        for (Request request : requests) {
            Frame reply = superUser.receiveFrame();
            if (reply == null) {
                throw new AssertionError("the super user's connection was closed");
            }
            record.answer(ReplyText.reply(request, reply, scene));
            replies.add(reply);
        }
        return replies;
    }
}
