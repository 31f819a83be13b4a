package vivarium.properties.conformance;

import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.ServerCnxn;
import org.apache.zookeeper.server.auth.AuthenticationProvider;
import org.apache.zookeeper.server.auth.ServerAuthenticationProvider;

/**
 * What an operator might have written for Apache's server: {@code let NAME} proves to be NAME. An
 * access list may name somebody, or all whose names begin so: {@code NA*}.
 */
public final class TokenProvider implements AuthenticationProvider {

    @Override
    public String getScheme() {
        return "token";
    }

    @Override
    public KeeperException.Code handleAuthentication(ServerCnxn connection, byte[] data) {
        String proof = new String(data, StandardCharsets.UTF_8);
        if (proof.equals("fail")) {
            throw new IllegalStateException("asked to");
        }
        if (!proof.startsWith("let ") || connection.getRemoteSocketAddress().getPort() == 0) {
            return KeeperException.Code.AUTHFAILED;
        }
        connection.addAuthInfo(new Id("token", proof.substring(4)));
        return KeeperException.Code.OK;
    }

    @Override
    public boolean matches(String id, String entry) {
        return entry.endsWith("*")
                ? id.startsWith(entry.substring(0, entry.length() - 1))
                : id.equals(entry);
    }

    @Override
    public boolean isAuthenticated() {
        return true;
    }

    @Override
    public boolean isValid(String id) {
        return !id.isEmpty();
    }

    @Override
    public String getUserName(String id) {
        return "the " + id;
    }

    /**
     * One that goes by more than names: whoever is {@code any} has each permission but that to
     * delete, on what an access list's prefix covers, and may not give it away.
     */
    public static final class ByPath extends ServerAuthenticationProvider {

        @Override
        public String getScheme() {
            return "path";
        }

        @Override
        public KeeperException.Code handleAuthentication(ServerObjs objects, byte[] data) {
            objects.getCnxn().addAuthInfo(new Id("path", "any"));
            return KeeperException.Code.OK;
        }

        @Override
        public boolean matches(ServerObjs objects, MatchValues values) {
            boolean givesAway =
                    values.getSetAcls() != null
                            && values.getSetAcls().stream()
                                    .noneMatch(entry -> entry.getId().getScheme().equals("path"));
            return values.getId().equals("any")
                    && values.getPath().startsWith(values.getAclExpr())
                    && values.getPerm() != 8
                    && !givesAway;
        }

        @Override
        public boolean isAuthenticated() {
            return false;
        }

        @Override
        public boolean isValid(String id) {
            return id.startsWith("/");
        }
    }

    /** What the two below have in common: they know nobody. */
    public abstract static class Useless implements AuthenticationProvider {
        @Override
        public KeeperException.Code handleAuthentication(ServerCnxn connection, byte[] data) {
            return KeeperException.Code.AUTHFAILED;
        }

        @Override
        public boolean matches(String id, String entry) {
            return false;
        }

        @Override
        public boolean isAuthenticated() {
            return false;
        }

        @Override
        public boolean isValid(String id) {
            return false;
        }
    }

    /** One that nobody can make. */
    public static final class Broken extends Useless {
        public Broken() {
            throw new IllegalStateException("no licence");
        }

        @Override
        public String getScheme() {
            return "broken";
        }
    }

    /** One that does not say what it is for. */
    public static final class Nameless extends Useless {
        @Override
        @SuppressWarnings("NullAway") // that is what is wrong with it
        public String getScheme() {
            return null;
        }
    }

    /** One that takes everybody in, and fails whatever else it is asked. */
    public static final class Failing implements AuthenticationProvider {
        @Override
        public String getScheme() {
            return "failing";
        }

        @Override
        public KeeperException.Code handleAuthentication(ServerCnxn connection, byte[] data) {
            connection.addAuthInfo(new Id("failing", "secret"));
            return KeeperException.Code.OK;
        }

        @Override
        public boolean matches(String id, String entry) {
            throw new IllegalStateException("does not compare");
        }

        @Override
        public boolean isAuthenticated() {
            throw new IllegalStateException("does not know");
        }

        @Override
        public boolean isValid(String id) {
            throw new IllegalStateException("does not check");
        }

        @Override
        public String getUserName(String id) {
            throw new IllegalStateException("does not tell");
        }
    }
}
