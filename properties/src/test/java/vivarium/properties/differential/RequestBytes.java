package vivarium.properties.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.Requests;

/** Requests as bytes. */
final class RequestBytes {

    private RequestBytes() {}

    static int opcode(Request request) {
        return switch (request) {
            case Request.Create create -> create.opcode();
            case Request.CreateTtl _ -> Op.CREATE_TTL;
            case Request.Delete _ -> Op.DELETE;
            case Request.Read read -> read.opcode();
            case Request.SetData _ -> Op.SET_DATA;
            case Request.PathOnly pathOnly -> pathOnly.opcode();
            case Request.SetAcl _ -> Op.SET_ACL;
            case Request.Check _ -> Op.CHECK;
            case Request.Multi _ -> Op.MULTI;
            case Request.MultiRead _ -> Op.MULTI_READ;
            case Request.AddWatch _ -> Op.ADD_WATCH;
            case Request.Watches watches -> watches.opcode();
            case Request.WhoAmI _ -> Op.WHO_AM_I;
            case Request.Reconfig _ -> Op.RECONFIG;
            case Request.SetAllWatches _ -> Op.SET_WATCHES2;
            case Request.Ping _ -> Op.PING;
            case Request.SetWatches _ -> Op.SET_WATCHES;
            case Request.Auth _ -> Op.AUTH;
            case Request.CloseSession _ -> Op.CLOSE_SESSION;
            case Request.Unknown unknown -> unknown.opcode();
            case Request.Truncated truncated -> opcode(truncated.whole());
        };
    }

    /** The xid that the protocol wants for the request; the given one where any will do. */
    static int xid(Request request, int next) {
        return switch (request) {
            case Request.Ping _ -> Op.PING_XID;
            case Request.Auth _ -> Op.AUTH_XID;
            case Request.SetWatches setWatches -> setWatches.xid() < 0 ? setWatches.xid() : next;
            case Request.SetAllWatches all -> xid(all.once(), next);
            case Request.Truncated truncated -> xid(truncated.whole(), next);
            case Request.Create _,
                    Request.CreateTtl _,
                    Request.MultiRead _,
                    Request.AddWatch _,
                    Request.Watches _,
                    Request.WhoAmI _,
                    Request.Reconfig _,
                    Request.Delete _,
                    Request.Read _,
                    Request.SetData _,
                    Request.PathOnly _,
                    Request.SetAcl _,
                    Request.Check _,
                    Request.Multi _,
                    Request.CloseSession _,
                    Request.Unknown _ ->
                    next;
        };
    }

    static byte[] body(Request request, Scene scene) {
        if (request instanceof Request.Truncated(Request whole, int missingBytes)) {
            byte[] bytes = body(whole, scene);
            return Arrays.copyOf(bytes, Math.max(0, bytes.length - missingBytes));
        }
        return fields(request, scene).toBytes();
    }

    private static JuteOut fields(Request request, Scene scene) {
        return switch (request) {
            case Request.Create create ->
                    Requests.create(
                            scene.path(create.path()),
                            bytes(create.data()),
                            create.acl(),
                            create.flags());
            case Request.CreateTtl create ->
                    Requests.create(
                                    scene.path(create.path()),
                                    bytes(create.data()),
                                    create.acl(),
                                    create.flags())
                            .int64(create.ttlMillis());
            case Request.Delete delete ->
                    Requests.delete(scene.path(delete.path()), delete.version());
            case Request.Read read -> Requests.read(scene.path(read.path()), read.watch());
            case Request.SetData set ->
                    Requests.setData(scene.path(set.path()), bytes(set.data()), set.version());
            case Request.PathOnly pathOnly -> Requests.path(scene.path(pathOnly.path()));
            case Request.SetAcl set ->
                    Requests.setAcl(scene.path(set.path()), set.acl(), set.aversion());
            case Request.Check check -> Requests.delete(scene.path(check.path()), check.version());
            case Request.Multi multi -> Requests.multi(parts(multi.parts(), scene));
            case Request.MultiRead multi -> Requests.multi(parts(multi.parts(), scene));
            case Request.AddWatch add ->
                    new JuteOut().text(scene.path(add.path())).int32(add.mode());
            case Request.Watches watches ->
                    new JuteOut().text(scene.path(watches.path())).int32(watches.type());
            case Request.Reconfig reconfig ->
                    new JuteOut()
                            .text(reconfig.joining())
                            .text(reconfig.leaving())
                            .text(reconfig.members())
                            .int64(-1);
            case Request.SetAllWatches all ->
                    fields(all.once(), scene)
                            .texts(scene.paths(all.persistent()))
                            .texts(scene.paths(all.recursive()));
            case Request.SetWatches set ->
                    Requests.setWatches(
                            scene.absolute(set.relativeZxid()),
                            scene.paths(set.data()),
                            scene.paths(set.exist()),
                            scene.paths(set.child()));
            case Request.Auth auth -> Requests.auth(auth.scheme(), bytes(auth.data()));
            case Request.Ping _, Request.CloseSession _, Request.WhoAmI _, Request.Unknown _ ->
                    new JuteOut();
            case Request.Truncated truncated -> new JuteOut().raw(body(truncated, scene));
        };
    }

    private static List<Requests.Part> parts(List<Request> requests, Scene scene) {
        var parts = new ArrayList<Requests.Part>();
        for (Request part : requests) {
            parts.add(new Requests.Part(opcode(part), fields(part, scene)));
        }
        return parts;
    }

    private static byte @Nullable [] bytes(@Nullable String data) {
        return data == null ? null : data.getBytes(StandardCharsets.UTF_8);
    }
}
