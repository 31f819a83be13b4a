package vivarium.properties.differential;

import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteIn;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.StatFields;

/**
 * A frame from a server as one line of text, in which everything stands that must be equal, and
 * nothing that may differ: two servers agree if their lines are equal.
 */
final class ReplyText {

    private ReplyText() {}

    static String event(Frame frame, Scene scene) {
        String header = "event zxid " + scene.zxid(frame.zxid());
        try {
            return header + " " + frame.event();
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            return header + " malformed " + HexFormat.of().formatHex(frame.body());
        }
    }

    static String reply(Request request, Frame frame, Scene scene) {
        String header =
                "xid %d zxid %s err %d"
                        .formatted(frame.xid(), scene.zxid(frame.zxid()), frame.err());
        try {
            JuteIn in = frame.in();
            String body = in.left() == 0 ? "" : " " + body(RequestBytes.opcode(request), in, scene);
            return header + body + (in.left() == 0 ? "" : " and " + in.left() + " bytes more");
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            return header + " malformed " + HexFormat.of().formatHex(frame.body());
        }
    }

    /**
     * Of a client that has proven to be several users, Apache's server writes them down by hash
     * where an ACL says {@code auth}: neighbours of one scheme with equal permissions are sorted.
     */
    private static List<AclEntry> acl(List<AclEntry> acl) {
        var sorted = new ArrayList<AclEntry>(acl.size());
        int start = 0;
        for (int end = 1; end <= acl.size(); end++) {
            AclEntry first = acl.get(start);
            if (end == acl.size()
                    || acl.get(end).perms() != first.perms()
                    || !acl.get(end).scheme().equals(first.scheme())) {
                acl.subList(start, end).stream()
                        .sorted(Comparator.comparing(AclEntry::id))
                        .forEach(sorted::add);
                start = end;
            }
        }
        return sorted;
    }

    private static String body(int opcode, JuteIn in, Scene scene) {
        return switch (opcode) {
            case Op.CREATE, Op.SYNC -> "path " + in.text();
            case Op.CREATE2, Op.CREATE_CONTAINER, Op.CREATE_TTL ->
                    "path " + in.text() + " " + stat(in.stat(), scene);
            case Op.EXISTS, Op.SET_DATA, Op.SET_ACL -> stat(in.stat(), scene);
            case Op.GET_DATA -> "data " + data(in.buffer()) + " " + stat(in.stat(), scene);
            case Op.GET_ACL -> "acl " + acl(in.acl()) + " " + stat(in.stat(), scene);
            case Op.GET_CHILDREN, Op.GET_EPHEMERALS -> "names " + sorted(in);
            case Op.GET_CHILDREN2 -> "names " + sorted(in) + " " + stat(in.stat(), scene);
            case Op.MULTI, Op.MULTI_READ -> multi(in, scene);
            case Op.GET_ALL_CHILDREN_NUMBER, Op.ADD_WATCH -> "number " + in.int32();
            case Op.WHO_AM_I -> "identities " + identities(in);
            case Op.RECONFIG -> "data " + data(in.buffer()) + " " + stat(in.stat(), scene);
            default -> "body";
        };
    }

    private static List<String> sorted(JuteIn in) {
        return in.texts().stream().sorted().toList();
    }

    /** In what order a server has come to know of them is its own business. */
    private static List<String> identities(JuteIn in) {
        int count = in.int32();
        var identities = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            identities.add(in.text() + ":" + in.text());
        }
        return identities.stream().sorted().toList();
    }

    private static String multi(JuteIn in, Scene scene) {
        var text = new StringBuilder("multi");
        while (true) {
            int type = in.int32();
            boolean done = in.bool();
            int err = in.int32();
            text.append(" [type ").append(type).append(" err ").append(err);
            if (done) {
                return text.append(" done]").toString();
            }
            switch (type) {
                case -1 -> text.append(" result ").append(in.int32());
                case Op.CREATE, Op.CREATE2, Op.SET_DATA, Op.GET_DATA, Op.GET_CHILDREN ->
                        text.append(' ').append(body(type, in, scene));
                default -> {}
            }
            text.append(']');
        }
    }

    /**
     * Times differ from server to server; that a znode which was never changed was last changed
     * when it was made does not.
     */
    private static String stat(StatFields stat, Scene scene) {
        boolean timesAgree = stat.czxid() != stat.mzxid() || stat.ctime() == stat.mtime();
        return "stat{c %s m %s p %s version %d cversion %d aversion %d owner %s length %d children %d%s}"
                .formatted(
                        scene.zxid(stat.czxid()),
                        scene.zxid(stat.mzxid()),
                        scene.zxid(stat.pzxid()),
                        stat.version(),
                        stat.cversion(),
                        stat.aversion(),
                        scene.session(stat.ephemeralOwner()),
                        stat.dataLength(),
                        stat.numChildren(),
                        timesAgree ? "" : " ctime and mtime differ");
    }

    private static String data(byte @Nullable [] data) {
        return data == null ? "null" : "'" + new String(data, StandardCharsets.UTF_8) + "'";
    }
}
