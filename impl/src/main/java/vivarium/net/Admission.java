package vivarium.net;

import java.util.random.RandomGenerator;

/**
 * Says which clients may connect now, so that a server that has come back is not drowned by all of
 * them at once: a token bucket, and with it BLUE, which turns clients away by chance before the
 * bucket has to (W. Feng, D. Kandlur, D. Saha, K. Shin: BLUE, 1999). Belongs to the loop's thread.
 */
public final class Admission {
    private final AdmissionSettings settings;
    private final RandomGenerator random;
    private int tokens;
    private long filledMillis;
    private long changedMillis;
    private double dropProbability;
    private int deficit;

    /**
     * @param nowMillis of a monotonic clock
     */
    public Admission(AdmissionSettings settings, RandomGenerator random, long nowMillis) {
        this.settings = settings;
        this.random = random;
        this.tokens = settings.tokens();
        this.filledMillis = nowMillis;
        this.changedMillis = nowMillis;
    }

    /** Whether a client may connect, whose session is a new one or goes on. */
    public boolean admits(long nowMillis, boolean isNew) {
        if (settings.tokens() == 0) {
            return true;
        }
        fill(nowMillis);
        deficit = settings.tokens() - tokens;
        if (settings.freezeMillis() >= 0) {
            adjust(nowMillis);
            if (random.nextDouble() < dropProbability) {
                return false;
            }
        }
        int weight = isNew ? settings.newWeight() : settings.renewWeight();
        int needed = settings.weighted() ? weight : 1;
        if (tokens < needed) {
            changedMillis = nowMillis;
            return false;
        }
        tokens -= needed;
        return true;
    }

    private void fill(long nowMillis) {
        long passedMillis = nowMillis - filledMillis;
        if (passedMillis >= settings.fillMillis()) {
            long more = passedMillis * settings.fillCount() / settings.fillMillis();
            tokens = (int) Math.min(settings.tokens(), tokens + more);
            filledMillis = nowMillis;
        }
    }

    private void adjust(long nowMillis) {
        if (nowMillis - changedMillis <= settings.freezeMillis()) {
            return;
        }
        changedMillis = nowMillis;
        if (tokens == 0) {
            dropProbability = Math.min(1, dropProbability + settings.dropIncrease());
        } else if (deficit <= Math.round(settings.tokens() * settings.decreaseRatio())) {
            dropProbability = Math.max(0, dropProbability - settings.dropDecrease());
        }
    }

    /** How likely it is that the next client is turned away by chance. */
    public double dropProbability() {
        return dropProbability;
    }

    /** How many tokens were missing in the bucket when the last client came. */
    public int deficit() {
        return deficit;
    }
}
