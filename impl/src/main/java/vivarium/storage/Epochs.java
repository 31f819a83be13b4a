package vivarium.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Zxid;

/**
 * The two epochs that a server must not forget: the newest that it has promised to follow and that
 * of the history that it holds. Each is a decimal number in a file of its own, which is replaced in
 * one step.
 */
public final class Epochs {
    static final String ACCEPTED = "acceptedEpoch";
    static final String CURRENT = "currentEpoch";
    static final String TEMPORARY = ".tmp";

    /** A number, a sign and a line's end fit in easily. */
    private static final int MAX_BYTES = 64;

    private final Disk disk;

    /**
     * @param disk dataDir/version-2
     */
    public Epochs(Disk disk) {
        this.disk = disk;
    }

    /**
     * Both epochs, as the files have them.
     *
     * @param findings what was made up because a file was missing, for people
     */
    public record Loaded(long accepted, long current, List<String> findings) {}

    /**
     * Reads both files, which may be missing: their epoch is then that of the last transaction.
     *
     * @param lastZxid the last one that this server's disk holds
     * @throws DamageException if they contradict each other or the last transaction
     */
    public Loaded load(long lastZxid) throws IOException {
        List<String> findings = new ArrayList<>();
        long ofLog = Zxid.epoch(lastZxid);
        Long currentRead = read(CURRENT);
        long current = currentRead == null ? ofLog : currentRead;
        if (currentRead == null && lastZxid > 0) {
            findings.add(disk.place() + "/" + CURRENT + " is missing: taken to be " + ofLog + ".");
        }
        if (current < ofLog) {
            // The log comes first: a proposal of an epoch is behind all with which the epoch
            // begins.
            findings.add(
                    disk.place()
                            + "/"
                            + CURRENT
                            + " is behind the log: taken to be "
                            + ofLog
                            + ".");
            current = ofLog;
        }
        Long acceptedRead = read(ACCEPTED);
        long accepted = acceptedRead == null ? Math.max(ofLog, current) : acceptedRead;
        if (acceptedRead == null && lastZxid > 0) {
            findings.add(
                    disk.place() + "/" + ACCEPTED + " is missing: taken to be " + accepted + ".");
        }
        if (accepted < current) {
            throw new DamageException(
                    disk.place()
                            + "/"
                            + ACCEPTED
                            + " says "
                            + accepted
                            + ", less than the "
                            + current
                            + " of "
                            + CURRENT
                            + ": a promise has been lost. Restore the file, or empty this server's"
                            + " data directory if others of its ensemble have the data.");
        }
        return new Loaded(accepted, current, findings);
    }

    private @Nullable Long read(String name) throws IOException {
        if (!disk.exists(name)) {
            return null;
        }
        byte[] bytes = new byte[MAX_BYTES];
        int have;
        try (DiskFile file = disk.open(name, false)) {
            have = Math.max(0, file.read(0, bytes, 0, bytes.length));
        }
        String text = new String(bytes, 0, have, StandardCharsets.US_ASCII).strip();
        try {
            long epoch = Long.parseLong(text);
            if (epoch >= 0) {
                return epoch;
            }
        } catch (NumberFormatException _) {
            // Told below, with the file's name.
        }
        throw new DamageException(
                disk.place()
                        + "/"
                        + name
                        + " must hold an epoch, a decimal number, but holds '"
                        + text
                        + "'.");
    }

    /** Saves the newest epoch that this server has promised to; durable when this returns. */
    public void saveAccepted(long epoch) throws IOException {
        save(ACCEPTED, epoch);
    }

    /** Saves the epoch of this server's history; durable when this returns. */
    public void saveCurrent(long epoch) throws IOException {
        save(CURRENT, epoch);
    }

    private void save(String name, long epoch) throws IOException {
        String temporary = name + TEMPORARY;
        if (disk.exists(temporary)) {
            disk.delete(temporary);
        }
        byte[] text = Long.toString(epoch).getBytes(StandardCharsets.US_ASCII);
        try (DiskFile file = disk.create(temporary)) {
            file.write(0, text, 0, text.length);
            file.force();
        }
        disk.rename(temporary, name);
        disk.forceNames();
    }
}
