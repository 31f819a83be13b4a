package vivarium.core.tree;

/**
 * Who a client has proven to be. The proof itself is the server's business and never comes here.
 *
 * @param scheme {@code ip}, {@code digest}, {@code x509}, {@code sasl}, or {@code super} for one
 *     whom no access list stops
 * @param id the address, {@code user:hash}, principal or name
 */
public record Identity(String scheme, String id) {}
