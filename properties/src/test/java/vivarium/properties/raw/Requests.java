package vivarium.properties.raw;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies of requests. */
public final class Requests {

    private Requests() {}

    public static JuteOut create(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<AclEntry> acl,
            int flags) {
        return new JuteOut().text(path).buffer(data).acl(acl).int32(flags);
    }

    /** With empty data, open to all. */
    public static JuteOut create(String path, int flags) {
        return create(path, new byte[0], AclEntry.OPEN, flags);
    }

    public static JuteOut delete(@Nullable String path, int version) {
        return new JuteOut().text(path).int32(version);
    }

    /** exists, getData, getChildren, getChildren2: a path and whether to watch. */
    public static JuteOut read(@Nullable String path, boolean watch) {
        return new JuteOut().text(path).bool(watch);
    }

    public static JuteOut setData(@Nullable String path, byte @Nullable [] data, int version) {
        return new JuteOut().text(path).buffer(data).int32(version);
    }

    /** getACL, sync: a path. */
    public static JuteOut path(@Nullable String path) {
        return new JuteOut().text(path);
    }

    public static JuteOut setAcl(
            @Nullable String path, @Nullable List<AclEntry> acl, int aversion) {
        return new JuteOut().text(path).acl(acl).int32(aversion);
    }

    public static JuteOut auth(@Nullable String scheme, byte @Nullable [] data) {
        return new JuteOut().int32(0).text(scheme).buffer(data);
    }

    public static JuteOut setWatches(
            long relativeZxid, List<String> data, List<String> exist, List<String> child) {
        return new JuteOut().int64(relativeZxid).texts(data).texts(exist).texts(child);
    }

    /** A multi from its parts; each is put behind its header. */
    public static JuteOut multi(List<Part> parts) {
        var out = new JuteOut();
        for (Part part : parts) {
            out.int32(part.type()).bool(false).int32(-1).raw(part.body().toBytes());
        }
        return out.int32(-1).bool(true).int32(-1);
    }

    /** One operation of a multi. */
    public record Part(int type, JuteOut body) {}
}
