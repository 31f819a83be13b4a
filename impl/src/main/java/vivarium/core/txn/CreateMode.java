package vivarium.core.txn;

import org.jspecify.annotations.Nullable;

/** The seven ways to create a znode, by their numbers on the wire. */
public enum CreateMode {
    PERSISTENT,
    EPHEMERAL,
    PERSISTENT_SEQUENTIAL,
    EPHEMERAL_SEQUENTIAL,
    CONTAINER,
    PERSISTENT_WITH_TTL,
    PERSISTENT_SEQUENTIAL_WITH_TTL;

    private static final CreateMode[] BY_NUMBER = values();

    /** The mode with this number, null if there is none. */
    public static @Nullable CreateMode of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    boolean isEphemeral() {
        return this == EPHEMERAL || this == EPHEMERAL_SEQUENTIAL;
    }

    boolean isSequential() {
        return this == PERSISTENT_SEQUENTIAL
                || this == EPHEMERAL_SEQUENTIAL
                || this == PERSISTENT_SEQUENTIAL_WITH_TTL;
    }

    boolean isTtl() {
        return this == PERSISTENT_WITH_TTL || this == PERSISTENT_SEQUENTIAL_WITH_TTL;
    }
}
