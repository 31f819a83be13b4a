package vivarium.wire;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * The password of a session, which every server derives from the session's id alone.
 *
 * <p>It is no secret from whoever knows the rule. It is kept because the servers of an ensemble,
 * Apache's among them, must agree on it when a client moves from one to another.
 */
public final class SessionPassword {
    /** Its length in bytes. */
    public static final int LENGTH = 16;

    private static final long ID_MASK = 0xb341_5c00L;
    private static final long MULTIPLIER = 0x5_deec_e66dL;
    private static final long INCREMENT = 0xb;
    private static final long STATE_MASK = (1L << 48) - 1;

    private SessionPassword() {}

    /** The password of the session {@code id}: a linear congruential generator's first 16 bytes. */
    public static Bytes of(long id) {
        byte[] password = new byte[LENGTH];
        long state = (id ^ ID_MASK ^ MULTIPLIER) & STATE_MASK;
        for (int i = 0; i < LENGTH; i += Integer.BYTES) {
            state = state * MULTIPLIER + INCREMENT & STATE_MASK;
            int drawn = (int) (state >>> 16);
            for (int k = 0; k < Integer.BYTES; k++) {
                password[i + k] = (byte) (drawn >>> (8 * k));
            }
        }
        return Bytes.wrap(password);
    }

    /** Whether {@code shown} is the password of the session {@code id}; no session has the id 0. */
    public static boolean matches(long id, @Nullable Bytes shown) {
        return id != 0 && shown != null && shown.equals(of(id));
    }
}
