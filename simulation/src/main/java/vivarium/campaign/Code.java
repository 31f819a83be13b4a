package vivarium.campaign;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import vivarium.core.Peer;
import vivarium.simulation.World;

/**
 * Which code runs here. A seed is one run only as long as the code is the same, so what other code
 * has found must not be taken for what this one would.
 */
final class Code {
    private static final int SHOWN_BYTES = 8;

    private Code() {}

    /** A short name for the code of the core and of the world. */
    static String name() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Class<?> part : List.of(Peer.class, World.class)) {
                CodeSource source = part.getProtectionDomain().getCodeSource();
                add(digest, Path.of(source.getLocation().toURI()));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
        } catch (NoSuchAlgorithmException | URISyntaxException e) {
            throw new IOException("can't tell which code this is: " + e.getMessage(), e);
        }
    }

    private static void add(MessageDigest digest, Path place) throws IOException {
        if (Files.isRegularFile(place)) {
            digest.update(Files.readAllBytes(place));
            return;
        }
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(place.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
    }
}
