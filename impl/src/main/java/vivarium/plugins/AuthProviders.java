package vivarium.plugins;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.BorrowedConnection;
import org.apache.zookeeper.server.auth.AuthenticationProvider;
import org.apache.zookeeper.server.auth.ServerAuthenticationProvider;
import org.apache.zookeeper.server.auth.ServerAuthenticationProvider.MatchValues;
import org.apache.zookeeper.server.auth.ServerAuthenticationProvider.ServerObjs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.AclSchemes;
import vivarium.core.tree.Identity;

/**
 * Ways to prove who one is, and access lists that go by them, that an operator brings along: the
 * classes which {@code authProvider.N} names, written for Apache's server. One of them that has the
 * name of a scheme of this server's takes its place.
 *
 * <p>They are called by the thread that does everything: while one of them thinks, nobody is
 * served, and one that takes long is named in the log. One that fails says no.
 */
public final class AuthProviders implements AclSchemes {
    private static final Logger LOG = LoggerFactory.getLogger(AuthProviders.class);

    /** Nobody should wait so long for one that asks elsewhere. */
    private static final long LONG_NANOS = 100_000_000;

    private final Map<String, AuthenticationProvider> byScheme = new LinkedHashMap<>();

    /**
     * Loads one; of two with the same scheme the later counts.
     *
     * @param className a class with a constructor that takes nothing
     */
    public void add(String className) throws PluginException {
        AuthenticationProvider provider = instance(className);
        byScheme.put(schemeOf(provider), provider);
    }

    private static String schemeOf(AuthenticationProvider provider) throws PluginException {
        String scheme;
        try {
            scheme = provider.getScheme();
        } catch (RuntimeException | LinkageError e) {
            throw new PluginException("it can't say which scheme it is for: " + e, e);
        }
        if (scheme == null || scheme.isEmpty()) {
            throw new PluginException(
                    "it says no scheme that it is for",
                    new IllegalStateException("getScheme() gave " + scheme));
        }
        return scheme;
    }

    private static AuthenticationProvider instance(String name) throws PluginException {
        try {
            return Class.forName(name)
                    .asSubclass(AuthenticationProvider.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ClassNotFoundException e) {
            throw new PluginException(
                    "there is no such class on the class path: name its jar in CLASSPATH", e);
        } catch (ClassCastException e) {
            throw new PluginException("that class is no AuthenticationProvider", e);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new PluginException("it can't be made: " + cause, e);
        }
    }

    /** Their schemes, in the order of their keys. */
    public Set<String> schemes() {
        return byScheme.keySet();
    }

    /**
     * Whom a client has proven to be.
     *
     * @param sessionId 0 if it has none yet
     * @param known who it has proven to be before
     * @return null if it has not proven to be anybody
     */
    public @Nullable List<Identity> judge(
            String scheme,
            @Nullable Bytes proof,
            InetSocketAddress address,
            long sessionId,
            List<Identity> known) {
        List<Id> before = new ArrayList<>();
        for (Identity identity : known) {
            before.add(new Id(identity.scheme(), identity.id()));
        }
        var connection = new BorrowedConnection(address, sessionId, before);
        byte[] bytes = proof == null ? new byte[0] : proof.toArray();
        AuthenticationProvider provider = provider(scheme);
        long start = System.nanoTime();
        try {
            KeeperException.Code code =
                    provider instanceof ServerAuthenticationProvider asked
                            ? asked.handleAuthentication(new ServerObjs(null, connection), bytes)
                            : provider.handleAuthentication(connection, bytes);
            if (code != KeeperException.Code.OK) {
                return null;
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} failed to judge a proof from {}", provider, address, e);
            return null;
        } finally {
            noteTime(provider, start);
        }
        List<Identity> proven = new ArrayList<>();
        for (Id id : connection.getAuthInfo()) {
            Identity identity = new Identity(id.getScheme(), id.getId());
            if (!known.contains(identity)) {
                proven.add(identity);
            }
        }
        return proven;
    }

    @Override
    public boolean has(String scheme) {
        return byScheme.containsKey(scheme);
    }

    @Override
    public boolean isValid(String scheme, String id) {
        AuthenticationProvider provider = provider(scheme);
        try {
            return provider.isValid(id);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} failed to say whether an access list can name {}", provider, id, e);
            return false;
        }
    }

    @Override
    public boolean isAuthenticated(String scheme) {
        AuthenticationProvider provider = provider(scheme);
        try {
            return provider.isAuthenticated();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} failed to say whether its identities are proven", provider, e);
            return false;
        }
    }

    @Override
    public boolean matches(Question question) {
        AuthenticationProvider provider = provider(question.entry().scheme());
        String id = question.identity().id();
        String entry = question.entry().id();
        long start = System.nanoTime();
        try {
            return provider instanceof ServerAuthenticationProvider asked
                    ? asked.matches(
                            new ServerObjs(null, null),
                            new MatchValues(
                                    question.path().toString(),
                                    id,
                                    entry,
                                    question.perm(),
                                    listOf(question.given())))
                    : provider.matches(id, entry);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} failed to compare {} with the access list's {}", provider, id, entry, e);
            return false;
        } finally {
            noteTime(provider, start);
        }
    }

    /**
     * What people are told of an identity: its name, without what proves it; where none can be had,
     * only its scheme.
     */
    public String nameOf(Identity identity) {
        AuthenticationProvider provider = provider(identity.scheme());
        try {
            String name = provider.getUserName(identity.id());
            return name == null ? identity.id() : name;
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} failed to name an identity", provider, e);
            return identity.scheme();
        }
    }

    private AuthenticationProvider provider(String scheme) {
        AuthenticationProvider provider = byScheme.get(scheme);
        if (provider == null) {
            throw new IllegalArgumentException(scheme + " is none of " + byScheme.keySet());
        }
        return provider;
    }

    private static @Nullable List<ACL> listOf(@Nullable List<Acl> given) {
        if (given == null) {
            return null;
        }
        List<ACL> list = new ArrayList<>(given.size());
        for (Acl entry : given) {
            list.add(new ACL(entry.perms(), new Id(entry.scheme(), entry.id())));
        }
        return list;
    }

    private static void noteTime(AuthenticationProvider provider, long startNanos) {
        long nanos = System.nanoTime() - startNanos;
        if (nanos > LONG_NANOS) {
            LOG.warn("{} took {} ms; nobody was served meanwhile", provider, nanos / 1_000_000);
        }
    }
}
