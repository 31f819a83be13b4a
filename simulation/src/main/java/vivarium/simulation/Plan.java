package vivarium.simulation;

import java.util.List;
import vivarium.simulation.client.ClientTraits;
import vivarium.simulation.network.NetworkTraits;
import vivarium.simulation.server.ServerTraits;

/**
 * All that is decided before a run begins: it is this and the seed that make the run what it is.
 *
 * @param faults in order of their times; leaving some out gives another run that is as possible
 * @param silences what the clients do not ask
 */
public record Plan(
        long seed,
        Options options,
        List<ServerTraits> servers,
        NetworkTraits network,
        ClientTraits clients,
        List<TimedFault> faults,
        List<Silence> silences) {
    public Plan {
        servers = List.copyOf(servers);
        faults = List.copyOf(faults);
        silences = List.copyOf(silences);
    }

    /** The same with other faults. */
    public Plan with(List<TimedFault> others) {
        return new Plan(seed, options, servers, network, clients, others, silences);
    }

    /** The same with other silences. */
    public Plan withSilences(List<Silence> others) {
        return new Plan(seed, options, servers, network, clients, faults, others);
    }
}
