package vivarium.net;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * How a port serves its clients.
 *
 * @param address where it listens; port 0 takes a free one
 * @param backlog how many connections may wait to be accepted; not above 0 for the system's default
 * @param maxFrameBytes the longest request; whoever announces a longer one is closed
 * @param maxPerAddress how many connections one address may have; 0 for any number
 * @param maxConnections how many connections there may be; 0 for any number
 * @param sessionlessMillis how long a connection may be without a session
 * @param keepAlive whether TCP probes idle connections
 * @param leaderServes whether clients are served while this server leads others
 * @param requests how many requests of all clients are taken
 * @param admission how fast clients may connect
 * @param requiredSchemes by one of which a client must prove who it is before it may ask anything;
 *     empty for no such duty
 */
public record PortSettings(
        InetSocketAddress address,
        int backlog,
        int maxFrameBytes,
        int maxPerAddress,
        int maxConnections,
        int sessionlessMillis,
        boolean keepAlive,
        boolean leaderServes,
        RequestLimits requests,
        AdmissionSettings admission,
        List<String> requiredSchemes) {
    public PortSettings {
        requiredSchemes = List.copyOf(requiredSchemes);
    }
}
