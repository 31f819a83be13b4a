package vivarium.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Identity;
import vivarium.net.Audit;
import vivarium.net.Proofs;
import vivarium.plugins.AuthProviders;

/**
 * The schemes by which clients prove who they are: {@code digest}, a user with a password, and
 * {@code ip}, which proves nothing but what the connection has proven already. The operator's own
 * providers come before them.
 */
final class Credentials implements Proofs {
    private final Config config;
    private final MessageDigest digest;

    Credentials(Config config) throws ConfigException {
        this.config = config;
        try {
            this.digest = MessageDigest.getInstance(config.digestAlgorithm());
        } catch (NoSuchAlgorithmException e) {
            throw new ConfigException(
                    "DigestAuthenticationProvider.digestAlg="
                            + config.digestAlgorithm()
                            + ": one of "
                            + java.security.Security.getAlgorithms("MessageDigest")
                            + " is expected",
                    e);
        }
    }

    @Override
    public @Nullable List<Identity> judge(
            String scheme, @Nullable Bytes proof, Audit.Client client) {
        AuthProviders providers = config.providers();
        if (providers != null && providers.has(scheme)) {
            return providers.judge(
                    scheme, proof, client.address(), client.sessionId(), client.identities());
        }
        return switch (scheme) {
            case "digest" ->
                    proof == null || !config.digestEnabled() ? null : digestOf(proof.utf8());
            case "ip" ->
                    List.of(new Identity("ip", client.address().getAddress().getHostAddress()));
            default -> null;
        };
    }

    /** Any password proves some identity: one that differs from that of any other password. */
    private List<Identity> digestOf(String userAndPassword) {
        int colon = userAndPassword.indexOf(':');
        String user = colon < 0 ? userAndPassword : userAndPassword.substring(0, colon);
        digest.reset();
        byte[] hash = digest.digest(userAndPassword.getBytes(StandardCharsets.UTF_8));
        String id = user + ":" + Base64.getEncoder().encodeToString(hash);
        Identity identity = new Identity("digest", id);
        return id.equals(config.superDigest())
                ? List.of(new Identity("super", ""), identity)
                : List.of(identity);
    }
}
