package vivarium.core.tree;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ZooKeeper's rules for access lists: who may, and which lists can be. */
public final class AclRules {
    private final AclSchemes schemes;

    /** The rules, with {@code schemes} besides those that every server has. */
    public AclRules(AclSchemes schemes) {
        this.schemes = schemes;
    }

    /** Whether one of {@code identities} has the permission {@code perm} for what is at a path. */
    public boolean permits(List<Acl> acl, Path path, int perm, List<Identity> identities) {
        return permits(acl, path, perm, identities, null);
    }

    /**
     * Whether one of {@code identities} has the permission {@code perm}.
     *
     * @param acl of the znode that is concerned
     * @param path what the client asked for
     * @param given the access list that comes with the request
     */
    public boolean permits(
            List<Acl> acl,
            Path path,
            int perm,
            List<Identity> identities,
            @Nullable List<Acl> given) {
        if (acl.isEmpty()) {
            return true;
        }
        for (Acl entry : acl) {
            if ((entry.perms() & perm) != 0 && isWorld(entry)) {
                return true;
            }
        }
        if (isSuper(identities)) {
            return true;
        }
        for (Acl entry : acl) {
            if ((entry.perms() & perm) != 0 && matchesAny(entry, path, perm, identities, given)) {
                return true;
            }
        }
        return false;
    }

    /** Whether access lists stop none of these. */
    public static boolean isSuper(List<Identity> identities) {
        for (Identity identity : identities) {
            if (identity.scheme().equals("super")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWorld(Acl entry) {
        return entry.scheme().equals("world") && entry.id().equals("anyone");
    }

    private boolean matchesAny(
            Acl entry, Path path, int perm, List<Identity> identities, @Nullable List<Acl> given) {
        for (Identity identity : identities) {
            if (identity.scheme().equals(entry.scheme())) {
                boolean matches;
                if (schemes.has(entry.scheme())) {
                    matches =
                            schemes.matches(
                                    new AclSchemes.Question(path, perm, entry, identity, given));
                } else if (entry.scheme().equals("ip")) {
                    matches = IpRange.covers(entry.id(), identity.id());
                } else {
                    matches = identity.id().equals(entry.id());
                }
                if (matches) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The list that is stored for the list that a client gave: without repetitions, and with {@code
     * auth} standing for whoever the client has proven to be.
     *
     * @return null if there can be no such list
     */
    public @Nullable List<Acl> resolve(@Nullable List<Acl> acl, List<Identity> identities) {
        if (acl == null || acl.isEmpty()) {
            return null;
        }
        if (acl.size() == 1 && acl.getFirst().equals(AclTable.OPEN.getFirst())) {
            return AclTable.OPEN;
        }
        List<Acl> resolved = new ArrayList<>(acl.size());
        for (Acl entry : new LinkedHashSet<>(acl)) {
            if (isWorld(entry)) {
                resolved.add(entry);
            } else if (entry.scheme().equals("auth")) {
                int before = resolved.size();
                addProven(entry.perms(), identities, resolved);
                if (resolved.size() == before) {
                    return null;
                }
            } else if (isValid(entry)) {
                resolved.add(entry);
            } else {
                return null;
            }
        }
        return resolved;
    }

    private void addProven(int perms, List<Identity> identities, List<Acl> to) {
        for (Identity identity : identities) {
            if (isAuthenticated(identity)) {
                to.add(new Acl(perms, identity.scheme(), identity.id()));
            }
        }
    }

    /** An address proves nothing about a person, and "super" is no identity one can list. */
    private boolean isAuthenticated(Identity identity) {
        if (schemes.has(identity.scheme())) {
            return schemes.isAuthenticated(identity.scheme());
        }
        return switch (identity.scheme()) {
            case "digest", "sasl", "x509" -> true;
            default -> false;
        };
    }

    private boolean isValid(Acl entry) {
        if (schemes.has(entry.scheme())) {
            return schemes.isValid(entry.scheme(), entry.id());
        }
        return switch (entry.scheme()) {
            case "digest" -> isDigest(entry.id());
            case "ip" -> IpRange.isValid(entry.id());
            default -> false;
        };
    }

    /** A name and a hash with one colon between them; the name may be empty, the hash not. */
    private static boolean isDigest(String id) {
        int colon = id.indexOf(':');
        return colon >= 0 && colon == id.lastIndexOf(':') && colon < id.length() - 1;
    }
}
