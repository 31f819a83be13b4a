package vivarium.simulation.replay;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.SplittableRandom;
import vivarium.core.Effects;
import vivarium.core.Peer;
import vivarium.core.Status;
import vivarium.core.Zxid;
import vivarium.wire.MalformedException;
import vivarium.wire.RecordingReader;

/**
 * Gives a peer what a server's flight recorder has written down. It has to be, at each mark and at
 * the end, as that server's was: zxid, digest, phase, and all else that its status tells.
 */
public final class Replay {
    private final RecordingReader reader;
    private long inputs;
    private long effects;
    private long marks;

    /**
     * @param recording all of it
     */
    public Replay(byte[] recording) {
        this.reader = new RecordingReader(recording);
    }

    /**
     * What came of it.
     *
     * @param inputs how many steps were taken
     * @param effects how many effects they had
     * @param marks how often the peer was compared with what it was in the server
     * @param cutOff whether the recording ends in the middle of an entry, as that of a server that
     *     was killed does
     * @param status how the peer is at the end
     */
    public record Report(long inputs, long effects, long marks, boolean cutOff, Status status) {
        /** For people. */
        public String text() {
            return inputs
                    + " inputs, "
                    + effects
                    + " effects, "
                    + marks
                    + " marks, all as recorded"
                    + (cutOff ? "; the last entry was cut off" : "")
                    + "\nnow "
                    + status.phase()
                    + " at zxid "
                    + Zxid.text(status.lastProcessedZxid())
                    + ", digest "
                    + Long.toHexString(status.digest());
        }
    }

    /**
     * Takes all steps.
     *
     * @throws IOException if it is no recording, or one of another version of the core
     * @throws DivergedException if the peer is not what it was
     */
    public Report run() throws IOException, DivergedException {
        try {
            return replay();
        } catch (MalformedException e) {
            throw new IOException("no recording of this version: " + e.getMessage(), e);
        }
    }

    private Report replay() throws MalformedException, DivergedException {
        if (!(reader.next() instanceof RecordingReader.Birth birth)) {
            throw new MalformedException("no recording: it does not begin with a birth");
        }
        Peer born =
                new Peer(
                        birth.settings(),
                        birth.recovered(),
                        new SplittableRandom(birth.seed()),
                        counting());
        while (reader.hasNext()) {
            take(born, reader.next());
        }
        return new Report(inputs, effects, marks, reader.isCutOff(), born.status());
    }

    private void take(Peer born, RecordingReader.Entry entry)
            throws MalformedException, DivergedException {
        switch (entry) {
            case RecordingReader.Birth _ -> throw new MalformedException("born twice");
            case RecordingReader.Step step -> {
                born.step(step.nowMillis(), step.input());
                inputs++;
            }
            case RecordingReader.Mark mark -> {
                marks++;
                if (!mark.status().equals(born.status())) {
                    throw new DivergedException(
                            "after "
                                    + inputs
                                    + " inputs the peer is "
                                    + born.status()
                                    + ", but was "
                                    + mark.status());
                }
            }
        }
    }

    /** Effects that have none: what they brought about in the world is among the inputs. */
    private Effects counting() {
        return (Effects)
                Proxy.newProxyInstance(
                        Effects.class.getClassLoader(),
                        new Class<?>[] {Effects.class},
                        (_, _, _) -> {
                            effects++;
                            return null;
                        });
    }

    /** The peer did not become what it had been. */
    public static final class DivergedException extends Exception {
        private static final long serialVersionUID = 1L;

        DivergedException(String message) {
            super(message);
        }
    }
}
