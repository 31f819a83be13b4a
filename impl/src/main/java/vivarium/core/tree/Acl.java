package vivarium.core.tree;

/**
 * One entry of an access list: who may do what.
 *
 * @param perms a set of {@link #READ}, {@link #WRITE}, {@link #CREATE}, {@link #DELETE}, {@link
 *     #ADMIN}; other bits are kept as they came
 * @param scheme how the identity is proven: {@code world}, {@code digest}, {@code ip}, ...
 * @param id the identity within that scheme
 */
public record Acl(int perms, String scheme, String id) {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int CREATE = 4;
    public static final int DELETE = 8;
    public static final int ADMIN = 16;
    public static final int ALL = 31;
}
