package vivarium.core.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Schemes of access lists that this server has from elsewhere, besides its own, or in their place.
 *
 * <p>They are asked where one server judges a request on behalf of all, and by the server that
 * answers a read; never where a transaction is applied. So what they say need not be the same on
 * every server, nor at every time.
 */
public interface AclSchemes {
    /** None but the server's own. */
    AclSchemes NONE = new None();

    /** A record, as all that settings are made of, so that recordings can hold it. */
    record None() implements AclSchemes {
        @Override
        public boolean has(String scheme) {
            return false;
        }

        @Override
        public boolean isValid(String scheme, String id) {
            return false;
        }

        @Override
        public boolean isAuthenticated(String scheme) {
            return false;
        }

        @Override
        public boolean matches(Question question) {
            return false;
        }
    }

    /**
     * Whether an entry of an access list speaks of a client.
     *
     * @param path what the client asked for
     * @param perm the permission that is needed
     * @param entry of the znode's list, with the scheme of the identity
     * @param identity what the client has proven
     * @param given the access list that comes with the request, of one that has one
     */
    record Question(Path path, int perm, Acl entry, Identity identity, @Nullable List<Acl> given) {}

    /** Whether this is one of them; the others' methods are asked of these only. */
    boolean has(String scheme);

    /** Whether an access list may have an entry with this id. */
    boolean isValid(String scheme, String id);

    /** Whether {@code auth} in an access list stands for such an identity too. */
    boolean isAuthenticated(String scheme);

    /** Whether the entry speaks of the client. */
    boolean matches(Question question);
}
