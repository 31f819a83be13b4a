package vivarium.properties.differential;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;

/**
 * Drawn steps, carried out on one server. A try has a znode of its own for a parent; it ends with
 * all of its sessions closed and with what the super user then finds below that parent.
 */
final class Conversation {

    static final int CLIENTS = 3;
    private static final int SHOW_XID = 1000;
    private static final int WATCHERS_TIMEOUT_MILLIS = 60_000;
    private static final int PATIENCE_MILLIS = 10_000;

    private final Side server;
    private final List<Step> steps;
    private final Ear ear;
    private final Transcript.Recorder record = new Transcript.Recorder();

    Conversation(Side server, List<Step> steps, Ear ear) {
        this.server = server;
        this.steps = steps;
        this.ear = ear;
    }

    /**
     * @param parent a path that does not exist yet
     */
    Transcript hold(String parent) throws IOException {
        try (RawClient superUser = superUser(server)) {
            Frame created = create(superUser, parent);
            Scene scene = new Scene(parent, created.zxid());
            speak(scene, superUser);
            record.says("what is left");
            dump(superUser, scene, "~");
            if (server.isOurs()) {
                showTheRest(superUser, scene);
            }
            tidy(superUser, parent);
            tidy(superUser, "/zookeeper/quota" + parent);
            superUser.call(Op.CLOSE_SESSION, new JuteOut());
        } catch (ConnectException e) {
            throw e; // there is no server to compare
        } catch (AssertionError | SocketException e) {
            record.answer(Transcript.BROKE_OFF + e.getMessage());
        }
        return record.transcript();
    }

    private static RawClient superUser(Side server) throws IOException {
        RawClient superUser = RawClient.dial(server.first());
        superUser.handshake(ConnectBytes.newSession().timeout(WATCHERS_TIMEOUT_MILLIS));
        if (!server.superCredentials().isEmpty()) {
            byte[] proof = server.superCredentials().getBytes(StandardCharsets.UTF_8);
            superUser.callAs(Op.AUTH_XID, Op.AUTH, Requests.auth("digest", proof));
        }
        return superUser;
    }

    private static Frame create(RawClient superUser, String path) throws IOException {
        Frame created = superUser.call(Op.CREATE, Requests.create(path, Op.PERSISTENT));
        if (created.err() != ErrorCode.OK) {
            throw new AssertionError("cannot create " + path + ": " + created.err());
        }
        return created;
    }

    /** Makes a znode for many tries. */
    static void prepare(Side server, String path) throws IOException {
        try (RawClient superUser = superUser(server)) {
            create(superUser, path);
            superUser.call(Op.CLOSE_SESSION, new JuteOut());
        }
    }

    /** Removes it with whatever is left there. */
    static void tidy(Side server, String path) throws IOException {
        try (RawClient superUser = superUser(server)) {
            tidy(superUser, path);
            superUser.call(Op.CLOSE_SESSION, new JuteOut());
        }
    }

    private void showTheRest(RawClient superUser, Scene scene) throws IOException {
        record.says("the rest of the tree");
        var _ =
                show(
                        superUser,
                        scene,
                        List.of(
                                new Request.Read(Op.EXISTS, "/", false),
                                new Request.Read(Op.GET_CHILDREN2, "/zookeeper", false),
                                new Request.Read(Op.GET_DATA, "/zookeeper/config", false),
                                new Request.PathOnly(Op.GET_ACL, "/zookeeper/config")));
    }

    /** Nobody finds his way in what thousands of conversations leave behind. */
    private static void tidy(RawClient superUser, String path) throws IOException {
        Frame children = superUser.call(Op.GET_CHILDREN, Requests.read(path, false));
        if (children.err() == ErrorCode.OK) {
            for (String child : children.in().texts()) {
                tidy(superUser, path + "/" + child);
            }
            superUser.call(Op.DELETE, Requests.delete(path, -1));
        }
    }

    private void expire(Scene scene, Speaker mortal, RawClient watcher) throws IOException {
        String path = "~/mortal";
        int timeoutMillis =
                mortal.becomeMortal(
                        new Request.Create(Op.CREATE, path, "", AclEntry.OPEN, Op.EPHEMERAL));
        List<Frame> seen = show(watcher, scene, List.of(new Request.Read(Op.EXISTS, path, true)));
        if (timeoutMillis == 0 || seen.getLast().err() != ErrorCode.OK) {
            mortal.send(List.of(new Request.CloseSession()));
            return;
        }
        mortal.close();
        watcher.waitFor(2 * timeoutMillis + PATIENCE_MILLIS);
        Frame gone = watcher.receiveFrame();
        watcher.waitFor(PATIENCE_MILLIS);
        record.answer(gone == null ? "closed" : ReplyText.event(gone, scene));
    }

    private void speak(Scene scene, RawClient watcher) throws IOException {
        var speakers = new ArrayList<Speaker>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                speakers.add(new Speaker(server, i, ear, scene, record));
            }
            for (Step step : steps) {
                record.says(step.toString());
                if (step instanceof Step.Expire) {
                    expire(scene, speakers.get(step.client()), watcher);
                } else {
                    speakers.get(step.client()).take(step);
                }
            }
            for (Speaker speaker : speakers) {
                record.says("client " + speakers.indexOf(speaker) + " closes its sessions");
                speaker.closeAllSessions();
            }
        } catch (AssertionError | SocketException e) {
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
        CatchUp.with(superUser, server);
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
