package vivarium.properties.raw;

import java.util.List;

/** One entry of a znode's ACL as it stands on the wire; perms is a mask of the five bits. */
public record AclEntry(int perms, String scheme, String id) {

    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int CREATE = 4;
    public static final int DELETE = 8;
    public static final int ADMIN = 16;
    public static final int ALL = 31;

    public static final List<AclEntry> OPEN = List.of(new AclEntry(ALL, "world", "anyone"));

    public static List<AclEntry> only(int perms, String scheme, String id) {
        return List.of(new AclEntry(perms, scheme, id));
    }
}
