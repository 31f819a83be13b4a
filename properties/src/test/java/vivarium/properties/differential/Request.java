package vivarium.properties.differential;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.properties.raw.AclEntry;

/**
 * What a client asks, legal or not. In a path, {@code ~} stands for the parent that the try has for
 * itself.
 */
sealed interface Request {

    /** Opcode create, create2 or createContainer. */
    record Create(
            int opcode,
            @Nullable String path,
            @Nullable String data,
            @Nullable List<AclEntry> acl,
            int flags)
            implements Request {}

    record CreateTtl(
            @Nullable String path,
            @Nullable String data,
            @Nullable List<AclEntry> acl,
            int flags,
            long ttlMillis)
            implements Request {}

    record Delete(@Nullable String path, int version) implements Request {}

    /** exists, getData, getChildren or getChildren2. */
    record Read(int opcode, @Nullable String path, boolean watch) implements Request {}

    record SetData(@Nullable String path, @Nullable String data, int version) implements Request {}

    /** getACL, sync, getEphemerals or getAllChildrenNumber. */
    record PathOnly(int opcode, @Nullable String path) implements Request {}

    record SetAcl(@Nullable String path, @Nullable List<AclEntry> acl, int aversion)
            implements Request {}

    /** Legal within a multi only. */
    record Check(@Nullable String path, int version) implements Request {}

    record Multi(List<Request> parts) implements Request {}

    /** Its parts are reads, or should be. */
    record MultiRead(List<Request> parts) implements Request {}

    record AddWatch(@Nullable String path, int mode) implements Request {}

    /** checkWatches or removeWatches. */
    record Watches(int opcode, @Nullable String path, int type) implements Request {}

    record WhoAmI() implements Request {}

    record Reconfig(@Nullable String joining, @Nullable String leaving, @Nullable String members)
            implements Request {}

    record Ping() implements Request {}

    /** The relative zxid is counted from the start of the try. */
    record SetWatches(
            int xid, long relativeZxid, List<String> data, List<String> exist, List<String> child)
            implements Request {}

    /** setWatches2. */
    record SetAllWatches(SetWatches once, List<String> persistent, List<String> recursive)
            implements Request {}

    record Auth(@Nullable String scheme, @Nullable String data) implements Request {}

    record CloseSession() implements Request {}

    /** An operation that no server has, or that no client may ask for. */
    record Unknown(int opcode) implements Request {}

    /** A request whose last bytes are missing, in a frame of the shorter length. */
    record Truncated(Request whole, int missingBytes) implements Request {}
}
