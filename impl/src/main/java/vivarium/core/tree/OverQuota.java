package vivarium.core.tree;

/**
 * A subtree has more than its quota says: for people to know, nothing has been refused.
 *
 * @param path the top of the subtree
 * @param inBytes whether it is the bytes that are too many, or the znodes
 * @param used how many there are now
 * @param limit how many there should be
 */
public record OverQuota(Path path, boolean inBytes, long used, long limit) {}
