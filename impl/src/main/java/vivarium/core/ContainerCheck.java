package vivarium.core;

/**
 * How the leader removes containers that are not used any more, and znodes that have outlived the
 * time they were given.
 *
 * @param everyMillis how often it looks for them
 * @param mostPerMinute how many it removes in a minute, lest they crowd out the clients' requests
 * @param neverUsedMillis how long a container may go without a change when it has never had a
 *     child; 0 for ever
 */
public record ContainerCheck(int everyMillis, int mostPerMinute, long neverUsedMillis) {
    private static final int USUAL_MOST = 10_000;

    public ContainerCheck {
        Check.that(everyMillis > 0 && mostPerMinute > 0, "ContainersAreLookedFor");
    }

    /** With ZooKeeper's defaults for the rest. */
    public static ContainerCheck every(int millis) {
        return new ContainerCheck(millis, USUAL_MOST, 0);
    }
}
