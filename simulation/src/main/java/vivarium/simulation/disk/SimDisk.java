package vivarium.simulation.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.engine.Chance;
import vivarium.storage.Disk;
import vivarium.storage.DiskFile;

/**
 * A disk that keeps what was forced to it. A power cut may take back any write that was not forced,
 * sector by sector, and any change of a name that was not forced, each by itself; a process that
 * dies takes back nothing.
 */
public final class SimDisk implements Disk {
    private static final String LOG = "log.";
    private static final String SNAPSHOT = "snapshot.";
    private static final String FULL = "No space left on device";

    private final String place;
    private final Chance chance;
    private TreeMap<String, Inode> names = new TreeMap<>();
    private final TreeMap<String, Inode> durableNames = new TreeMap<>();
    private final List<Change> unforced = new ArrayList<>();

    private boolean full;
    private boolean another;
    private int failingForces;
    private boolean forgetful;
    private boolean hasRotted;
    private boolean believesRot;

    /** How many operations are done before the power goes, -1 while it does not. */
    private int left = -1;

    private long operations;

    /** A change of names: {@code from} goes, {@code to} comes; either may be null. */
    private record Change(@Nullable String from, @Nullable String to, Inode inode) {}

    /**
     * @param place what it is called, for people
     */
    public SimDisk(String place, Chance chance) {
        this.place = place;
        this.chance = chance;
    }

    // ---- what befalls it

    /** From now on nothing new can be written, or it can again. */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** The next {@code count} forces fail, and what they should have forced is lost. */
    public void failForces(int count) {
        failingForces = count;
    }

    /** From now on forces say that they are done, but do nothing. For planted mistakes only. */
    public void forgetful(boolean isForgetful) {
        forgetful = isForgetful;
    }

    /** After {@code count} more operations the power goes. */
    public void dieAfter(int count) {
        left = count;
    }

    /** A process has died, or was killed: what it wrote is there, and what it forced is safe. */
    public void processDied() {
        left = -1;
    }

    /** The power has gone and comes back. */
    public void powerCut() {
        left = -1;
        double survival = chance.pick(List.of(0.0, 0.5, 0.9, 1.0));
        for (Change change : unforced) {
            if (chance.happens(survival)) {
                apply(durableNames, change);
            }
        }
        unforced.clear();
        for (Inode inode : durableNames.values()) {
            inode.cut(chance, survival);
        }
        names = new TreeMap<>(durableNames);
    }

    /**
     * A bit turns over in a file that has been safe for a while; nothing if there is none where
     * that can be told from a power cut.
     */
    public void rot() {
        String newest = newestLog();
        List<String> candidates = new ArrayList<>();
        for (String name : durableNames.keySet()) {
            if (durableNames.get(name) == names.get(name) && extent(name, newest) > 0) {
                candidates.add(name);
            }
        }
        if (candidates.isEmpty()) {
            return;
        }
        String name = believesRot && candidates.contains(newest) ? newest : chance.pick(candidates);
        Inode inode = durableNames.get(name);
        int extent = extent(name, newest);
        if (inode == null) {
            return;
        }
        hasRotted = true;
        if (believesRot && name.startsWith(LOG)) {
            Rot.Forged forged = Rot.forge(inode.bytes(), extent, chance);
            for (int i = 0; forged != null && i < forged.bytes().length(); i++) {
                int at = forged.at() + i;
                int mask = (forged.bytes().at(i) ^ inode.bytes()[at]) & 0xff;
                if (mask != 0) {
                    inode.rot(at, mask);
                }
            }
            return;
        }
        inode.rot(chance.between(0, extent - 1), 1 << chance.between(0, 7));
    }

    /** Whether there is any log. */
    public boolean hasLog() {
        return !newestLog().isEmpty();
    }

    /** The log whose name has the highest zxid. */
    private String newestLog() {
        String newest = "";
        for (String name : names.keySet()) {
            if (name.startsWith(LOG)
                    && (name.length() > newest.length()
                            || (name.length() == newest.length() && name.compareTo(newest) > 0))) {
                newest = name;
            }
        }
        return newest;
    }

    /** How many bytes of a file may rot. */
    private int extent(String name, String newestLog) {
        Inode inode = durableNames.get(name);
        int settled = inode == null ? 0 : inode.settledLength();
        if (inode == null || settled == 0) {
            return 0;
        }
        if (name.startsWith(SNAPSHOT)) {
            return settled;
        }
        if (!name.startsWith(LOG)) {
            return 0;
        }
        // Behind a log whose successor has nothing yet, its own last record is the last of all.
        Inode last = names.get(newestLog);
        boolean isLast =
                name.equals(newestLog)
                        || last == null
                        || Rot.extent(last.bytes(), last.settledLength(), false) == 0;
        return Rot.extent(inode.bytes(), settled, isLast);
    }

    /** Whether a bit has ever turned over on it since it was last put right. */
    public boolean hasRotted() {
        return hasRotted;
    }

    /** What has rotted is as it was: somebody has put it right. */
    public void putRight() {
        hasRotted = false;
        // Those that are in both are put right once: then nothing of them is rotten any more.
        names.values().forEach(Inode::restoreRotten);
        durableNames.values().forEach(Inode::restoreRotten);
        for (Change change : unforced) {
            change.inode.restoreRotten();
        }
    }

    /** From now on rot in a log comes with a checksum that fits. For planted mistakes only. */
    public void believesRot(boolean isBelieved) {
        believesRot = isBelieved;
    }

    /** Everything is gone, as with a new disk. */
    public void wipe() {
        names.clear();
        durableNames.clear();
        unforced.clear();
        another = true;
        hasRotted = false;
    }

    /** Whether it has taken the place of one that is lost. */
    public boolean isAnother() {
        return another;
    }

    /** How many operations it has been asked for. */
    public long operations() {
        return operations;
    }

    // ---- as a disk

    /** What an operation that writes begins with. */
    private void act() throws IOException {
        operations++;
        if (left == 0) {
            throw new PowerCutException();
        }
        if (left > 0) {
            left--;
        }
    }

    private void room() throws IOException {
        if (full) {
            throw new IOException(place + ": " + FULL);
        }
    }

    private Inode find(String name) throws IOException {
        Inode inode = names.get(name);
        if (inode == null) {
            throw new FileNotFoundException(place + "/" + name);
        }
        return inode;
    }

    private void change(Change change) {
        apply(names, change);
        unforced.add(change);
    }

    private static void apply(Map<String, Inode> to, Change change) {
        if (change.from != null) {
            to.remove(change.from);
        }
        if (change.to != null) {
            to.put(change.to, change.inode);
        }
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(names.keySet());
    }

    @Override
    public boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        act();
        room();
        if (names.containsKey(name)) {
            throw new IOException(place + "/" + name + " is there already");
        }
        Inode inode = new Inode();
        change(new Change(null, name, inode));
        return new OpenFile(inode);
    }

    @Override
    public DiskFile open(String name, boolean toWrite) throws IOException {
        return new OpenFile(find(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        act();
        change(new Change(from, to, find(from)));
    }

    @Override
    public void delete(String name) throws IOException {
        act();
        change(new Change(name, null, find(name)));
    }

    @Override
    public void forceNames() throws IOException {
        act();
        if (forgetful) {
            return;
        }
        for (Change change : unforced) {
            apply(durableNames, change);
        }
        unforced.clear();
    }

    @Override
    public String place() {
        return place;
    }

    /** A file that somebody has opened. */
    private final class OpenFile implements DiskFile {
        private final Inode inode;

        OpenFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long length() {
            return inode.length();
        }

        @Override
        public int read(long position, byte[] target, int offset, int count) {
            return inode.read(position, target, offset, count);
        }

        @Override
        public void write(long position, byte[] source, int offset, int count) throws IOException {
            act();
            room();
            inode.write(position, source, offset, count);
        }

        @Override
        public void extend(long length) throws IOException {
            act();
            room();
            inode.extend(length);
        }

        @Override
        public void truncate(long length) throws IOException {
            act();
            inode.truncate(length);
        }

        @Override
        public void force() throws IOException {
            act();
            if (failingForces > 0) {
                failingForces--;
                inode.dropUnforced();
                throw new IOException(place + ": Input/output error");
            }
            if (!forgetful) {
                inode.force();
            }
        }

        @Override
        public void close() {}
    }
}
