package vivarium.simulation.network;

import java.util.Arrays;
import java.util.function.LongSupplier;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Timeline;

/**
 * One direction of a connection, as TCP has it: bytes arrive in the order in which they were sent,
 * in whatever portions, and when it breaks their end is lost and never their middle.
 */
public final class Pipe {
    private static final double IN_PIECES = 0.2;
    private static final int MOST_PIECES = 4;

    private final Timeline timeline;
    private final Chance chance;
    private final LongSupplier arrivalMicros;
    private final End end;

    /** When the last that was sent arrives. */
    private long lastMicros;

    /** What would arrive later is lost. */
    private long cutMicros = Long.MAX_VALUE;

    /** Where bytes come out. */
    @FunctionalInterface
    public interface End {
        void take(byte[] bytes, int offset, int length);
    }

    /**
     * @param arrivalMicros when something would arrive that is sent now, if nothing was before it
     */
    public Pipe(Timeline timeline, Chance chance, LongSupplier arrivalMicros, End end) {
        this.timeline = timeline;
        this.chance = chance;
        this.arrivalMicros = arrivalMicros;
        this.end = end;
    }

    /** Sends the first {@code length} bytes of {@code source}, in one piece or in several. */
    public void send(byte[] source, int length) {
        byte[] bytes = Arrays.copyOf(source, length);
        int at = 0;
        if (chance.happens(IN_PIECES)) {
            for (int left = chance.between(1, MOST_PIECES - 1); left > 0; left--) {
                if (at < length - 1) {
                    int cut = chance.between(at + 1, length - 1);
                    piece(bytes, at, cut - at);
                    at = cut;
                }
            }
        }
        piece(bytes, at, length - at);
    }

    private void piece(byte[] bytes, int offset, int length) {
        then(() -> end.take(bytes, offset, length));
    }

    /** Does {@code action} at the other end, behind all that was sent before. */
    public void then(Runnable action) {
        long at = Math.max(lastMicros + 1, arrivalMicros.getAsLong());
        lastMicros = at;
        timeline.at(
                at,
                () -> {
                    if (at <= cutMicros) {
                        action.run();
                    }
                });
    }

    /** What would arrive behind this time is lost. */
    public void cut(long micros) {
        cutMicros = Math.min(cutMicros, micros);
    }

    /** Whether its end is lost, or will be. */
    public boolean isCut() {
        return cutMicros < Long.MAX_VALUE;
    }
}
