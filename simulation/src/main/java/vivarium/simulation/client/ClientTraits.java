package vivarium.simulation.client;

/**
 * What the clients of one run are like. Weights say how often an operation is chosen.
 *
 * @param thinkMicros how long a client waits between operations, on average
 * @param depth how many operations it may have under way
 * @param timeoutMillis the session time-out that it asks for
 * @param keys how many znodes are shared
 * @param paddingBytes how much longer values are than they need be, at most
 * @param leastMicros the least time from a client to a server
 * @param meanMicros how much longer it takes on average
 * @param breakMicros how often connections break, on average; 0 for never
 */
public record ClientTraits(
        long thinkMicros,
        int depth,
        int timeoutMillis,
        int keys,
        int paddingBytes,
        long leastMicros,
        long meanMicros,
        long breakMicros,
        int readWeight,
        int syncedReadWeight,
        int writeWeight,
        int deleteWeight,
        int multiWeight,
        int sequenceWeight,
        int ephemeralWeight,
        int watchWeight,
        int closeWeight,
        int secretWeight,
        int mortalWeight,
        int pipelineWeight) {}
