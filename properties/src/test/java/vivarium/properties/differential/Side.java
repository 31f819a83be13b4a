package vivarium.properties.differential;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * One of the two servers of a comparison, or of two ensembles.
 *
 * @param addresses of the servers of an ensemble, among which sessions move
 * @param superCredentials what its super user proves by, empty if there is none
 * @param isOurs whether it was started for the comparison, so that even what lies outside the try's
 *     own subtree has to be equal
 */
record Side(List<InetSocketAddress> addresses, String superCredentials, boolean isOurs) {
    Side {
        addresses = List.copyOf(addresses);
    }

    /** The server that looks after the try. */
    InetSocketAddress first() {
        return addresses.getFirst();
    }

    /** Whether a session may go on at another server. */
    boolean hasSeveral() {
        return addresses.size() > 1;
    }
}
