package vivarium.simulation.network;

/**
 * What the network is like in one run.
 *
 * @param leastMicros the least time from one server to another
 * @param meanMicros how much longer it takes on average
 * @param spikes how likely it is that something takes a hundred times as long
 * @param lostNotifications how likely it is that a notification gets lost
 * @param lostMessages how likely it is that a message on a link gets lost and the link goes on,
 *     which no network does: for planted mistakes only
 * @param lostBytes how likely it is that what leaves at once lacks its last byte, and the link goes
 *     on: for planted mistakes only
 */
public record NetworkTraits(
        long leastMicros,
        long meanMicros,
        double spikes,
        double lostNotifications,
        double lostMessages,
        double lostBytes) {}
