package vivarium.wire;

/**
 * The bytes are not what they should be; the message says how, for people. It carries no stack
 * trace, since whoever sends rubbish shall not make it expensive.
 */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedException(String reason) {
        super(reason, null, false, false);
    }

    /** What is wrong with the bytes. */
    public String reason() {
        String reason = getMessage();
        return reason == null ? "malformed" : reason;
    }
}
