package vivarium.properties.differential;

import java.net.InetSocketAddress;

/**
 * One of the two servers of a comparison.
 *
 * @param superCredentials what its super user proves by, empty if there is none
 * @param isOurs whether it was started for the comparison, so that even what lies outside the try's
 *     own subtree has to be equal
 */
record Side(InetSocketAddress address, String superCredentials, boolean isOurs) {}
