package vivarium.simulation.history;

import vivarium.core.txn.ErrorCode;

/**
 * What came of an operation.
 *
 * @param failedAt which of its acts failed, -1 for none; of several, none has any effect then
 * @param error why it failed
 * @param value what a lone read has read
 * @param version the version that a lone read or set has told
 */
public record Result(int failedAt, ErrorCode error, long value, int version) {
    /** All acts were done, and there is nothing to tell. */
    public static final Result DONE = new Result(-1, ErrorCode.OK, 0, 0);

    /** A set that gave the znode this version. */
    public static Result set(int version) {
        return new Result(-1, ErrorCode.OK, 0, version);
    }

    /** A read. */
    public static Result read(long value, int version) {
        return new Result(-1, ErrorCode.OK, value, version);
    }

    /** The act at {@code failedAt} was refused. */
    public static Result refused(int failedAt, ErrorCode error) {
        return new Result(failedAt, error, 0, 0);
    }

    /** Whether all acts were done. */
    public boolean isDone() {
        return failedAt < 0;
    }
}
