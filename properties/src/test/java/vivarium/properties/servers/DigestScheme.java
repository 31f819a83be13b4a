package vivarium.properties.servers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** ZooKeeper's {@code digest} scheme, computed here so that the tests need no server's code. */
public final class DigestScheme {

    private DigestScheme() {}

    /** From {@code user:password} to {@code user:BASE64(SHA1(user:password))}. */
    public static String identity(String credentials) {
        String user = credentials.substring(0, credentials.indexOf(':'));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest(credentials.getBytes(StandardCharsets.UTF_8));
            return user + ":" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
