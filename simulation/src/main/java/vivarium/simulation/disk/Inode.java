package vivarium.simulation.disk;

import java.util.Arrays;
import java.util.BitSet;
import java.util.NavigableMap;
import java.util.TreeMap;
import vivarium.simulation.engine.Chance;

/** The bytes of one file: as they were written, and as the platter has them. */
final class Inode {
    /** The least that a disk writes at once. */
    private static final int SECTOR = 512;

    private byte[] written = new byte[SECTOR];
    private int length;
    private byte[] durable = new byte[0];
    private int durableLength;

    /** Bits of {@link #written} that have turned over since, as masks by their bytes. */
    private TreeMap<Integer, Integer> rotten = new TreeMap<>();

    /** The same of {@link #durable}. */
    private TreeMap<Integer, Integer> durablyRotten = new TreeMap<>();

    /** Sectors that were written since the last force. */
    private final BitSet dirty = new BitSet();

    int length() {
        return length;
    }

    int read(long position, byte[] target, int offset, int count) {
        if (position >= length) {
            return -1;
        }
        int read = (int) Math.min(count, length - position);
        System.arraycopy(written, (int) position, target, offset, read);
        return read;
    }

    void write(long position, byte[] source, int offset, int count) {
        if (count == 0) {
            return;
        }
        int end = Math.toIntExact(position + count);
        reserve(end);
        // Who reads what has rotten and writes it back has healed nothing.
        rotten.subMap((int) position, end)
                .keySet()
                .removeIf(at -> written[at] != source[offset + at - (int) position]);
        System.arraycopy(source, offset, written, (int) position, count);
        length = Math.max(length, end);
        dirty.set((int) position / SECTOR, (end - 1) / SECTOR + 1);
    }

    void extend(long to) {
        if (to > length) {
            reserve(Math.toIntExact(to));
            length = (int) to;
        }
    }

    private void reserve(int end) {
        if (end > written.length) {
            written = Arrays.copyOf(written, Math.max(end, 2 * written.length));
        }
    }

    void truncate(long to) {
        if (to < length) {
            Arrays.fill(written, (int) to, length, (byte) 0);
            rotten.tailMap((int) to).clear();
            dirty.set((int) to / SECTOR, (length - 1) / SECTOR + 1);
            length = (int) to;
        }
    }

    /** How much of it is on the platter, and has been for a while. */
    int settledLength() {
        return dirty.isEmpty() ? Math.min(length, durableLength) : 0;
    }

    /** The bytes as a reader sees them; lent. */
    byte[] bytes() {
        return written;
    }

    /** Some bits of one byte turn over. */
    void rot(int position, int mask) {
        written[position] ^= (byte) mask;
        durable[position] ^= (byte) mask;
        rotten.merge(position, mask, (one, other) -> one ^ other);
        durablyRotten.merge(position, mask, (one, other) -> one ^ other);
    }

    /** What has rotted is as it was. */
    void restoreRotten() {
        rotten.forEach((position, mask) -> written[position] ^= mask.byteValue());
        durablyRotten.forEach((position, mask) -> durable[position] ^= mask.byteValue());
        rotten.clear();
        durablyRotten.clear();
    }

    /** All that was written is on the platter. */
    void force() {
        if (durable.length < length) {
            durable = Arrays.copyOf(durable, written.length);
        }
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            copySector(sector, durable, Math.min(written.length, durable.length));
            copyRot(sector, durablyRotten);
        }
        dirty.clear();
        if (length < durableLength) {
            Arrays.fill(durable, length, durableLength, (byte) 0);
            durablyRotten.tailMap(length).clear();
        }
        durableLength = length;
    }

    private void copySector(int sector, byte[] to, int end) {
        int from = sector * SECTOR;
        int until = Math.min(from + SECTOR, end);
        if (until > from) {
            System.arraycopy(written, from, to, from, until - from);
        }
    }

    private void copyRot(int sector, NavigableMap<Integer, Integer> to) {
        int from = sector * SECTOR;
        int until = from + SECTOR;
        to.subMap(from, until).clear();
        to.putAll(rotten.subMap(from, until));
    }

    /** The force has failed: the system drops what it could not write, and reads the old again. */
    void dropUnforced() {
        byte[] image = Arrays.copyOf(durable, Math.max(durableLength, SECTOR));
        restore(image, durableLength, durablyRotten);
    }

    /**
     * The power has gone: of each sector that was not forced, and of the length, either the old or
     * the new is on the platter.
     *
     * @param survival how likely it is for each sector that it was written in time
     */
    void cut(Chance chance, double survival) {
        int kept = durableLength;
        if (length != durableLength && chance.happens(survival)) {
            int least = Math.min(length, durableLength);
            kept =
                    chance.happens(0.5)
                            ? length
                            : chance.between(least, Math.max(length, durableLength));
        }
        byte[] image = Arrays.copyOf(durable, Math.max(kept, SECTOR));
        if (kept > durableLength) {
            Arrays.fill(image, durableLength, kept, (byte) 0);
        } else {
            Arrays.fill(image, kept, image.length, (byte) 0);
        }
        TreeMap<Integer, Integer> imageRotten = new TreeMap<>(durablyRotten);
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            if (chance.happens(survival)) {
                copySector(sector, image, Math.min(kept, written.length));
                copyRot(sector, imageRotten);
            }
        }
        restore(image, kept, imageRotten);
    }

    private void restore(
            byte[] image, int imageLength, NavigableMap<Integer, Integer> imageRotten) {
        rotten = new TreeMap<>(imageRotten.headMap(imageLength));
        durablyRotten = new TreeMap<>(rotten);
        written = image;
        length = imageLength;
        durable = Arrays.copyOf(image, imageLength);
        durableLength = imageLength;
        dirty.clear();
    }
}
