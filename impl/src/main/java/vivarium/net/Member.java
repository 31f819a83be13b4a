package vivarium.net;

import java.util.List;

/**
 * One server of the ensemble, as the others reach it.
 *
 * @param sid its id
 * @param voter whether it votes, or only observes
 * @param addresses where it listens; any of them leads to it
 */
public record Member(long sid, boolean voter, List<Address> addresses) {
    public Member {
        addresses = List.copyOf(addresses);
    }

    /**
     * One of its addresses. The name is resolved anew for each connection, since a server may come
     * back elsewhere.
     *
     * @param host a name, or an address without brackets
     * @param quorumPort where a leader listens for its learners
     * @param electionPort where notifications go
     */
    public record Address(String host, int quorumPort, int electionPort) {
        /** The host as it stands in front of a port. */
        public String bracketed() {
            return host.contains(":") ? "[" + host + "]" : host;
        }
    }
}
