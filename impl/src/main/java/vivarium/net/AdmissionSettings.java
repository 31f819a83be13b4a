package vivarium.net;

/**
 * How fast clients may connect: each takes tokens out of a bucket that fills up with time; besides,
 * while the bucket is empty, more and more of them are turned away by chance.
 *
 * @param tokens how many the bucket holds; 0 for no limit
 * @param fillMillis how often the bucket is filled
 * @param fillCount with how many tokens each time
 * @param freezeMillis how often the probability of being turned away changes; -1 for no chance
 * @param dropIncrease by how much it grows while the bucket is empty
 * @param dropDecrease by how much it shrinks while the bucket is full enough
 * @param decreaseRatio it is full enough if no larger part of it than this is missing
 * @param weighted whether clients take different numbers of tokens
 * @param newWeight what a new session takes then
 * @param renewWeight what a session takes that goes on
 */
public record AdmissionSettings(
        int tokens,
        int fillMillis,
        int fillCount,
        int freezeMillis,
        double dropIncrease,
        double dropDecrease,
        double decreaseRatio,
        boolean weighted,
        int newWeight,
        int renewWeight) {

    /** No limit. */
    public static final AdmissionSettings DEFAULT =
            new AdmissionSettings(0, 1, 1, -1, 0.02, 0.002, 0, false, 3, 2);
}
