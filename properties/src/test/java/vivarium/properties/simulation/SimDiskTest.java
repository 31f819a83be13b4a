package vivarium.properties.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import vivarium.simulation.disk.PowerCutException;
import vivarium.simulation.disk.SimDisk;
import vivarium.simulation.engine.Chance;
import vivarium.storage.DiskFile;

/** What the simulated disk keeps, and what it may lose. */
class SimDiskTest {
    private static final int SECTOR = 512;

    @Test
    void whatWasForcedSurvivesEveryPowerCut() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = disk(seed);
            write(disk, "a", 3 * SECTOR, (byte) 7).force();
            disk.forceNames();
            disk.powerCut();
            assertEquals(3 * SECTOR, count(disk, "a", (byte) 7));
        }
    }

    @Test
    void whatWasNotForcedIsKeptOrLostSectorBySector() throws IOException {
        Set<Integer> kept = new TreeSet<>();
        for (long seed = 0; seed < 200; seed++) {
            SimDisk disk = disk(seed);
            write(disk, "a", 0, (byte) 0).force();
            disk.forceNames();
            try (DiskFile file = disk.open("a", true)) {
                byte[] bytes = filled(4 * SECTOR, (byte) 7);
                file.write(0, bytes, 0, bytes.length);
            }
            disk.powerCut();
            kept.add(count(disk, "a", (byte) 7));
        }
        assertTrue(kept.contains(0) && kept.contains(4 * SECTOR) && kept.size() > 4, "" + kept);
    }

    @Test
    void aNameThatWasNotForcedMayBeLostAndAnOldOneComeBack() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimDisk disk = disk(seed);
            write(disk, "old", SECTOR, (byte) 1).force();
            disk.forceNames();
            write(disk, "new", SECTOR, (byte) 2).force();
            disk.delete("old");
            disk.powerCut();
            seen.add(String.join(",", disk.list()));
        }
        assertEquals(Set.of("", "new", "old", "new,old"), seen);
    }

    @Test
    void aProcessThatDiesLosesNothingThatItWrote() throws IOException {
        SimDisk disk = disk(1);
        write(disk, "a", SECTOR, (byte) 7).close();
        disk.processDied();
        assertEquals(SECTOR, count(disk, "a", (byte) 7));
    }

    /** Seeds 820662 and 810462: a start writes the end of its log over itself. */
    @Test
    void whoWritesBackWhatHasRottenHasHealedNothing() throws IOException {
        SimDisk disk = disk(1);
        write(disk, "snapshot.1", SECTOR, (byte) 7).force();
        disk.forceNames();
        disk.rot();
        assertEquals(SECTOR - 1, count(disk, "snapshot.1", (byte) 7));
        try (DiskFile file = disk.open("snapshot.1", true)) {
            byte[] bytes = new byte[SECTOR];
            assertEquals(SECTOR, file.read(0, bytes, 0, SECTOR));
            file.write(0, bytes, 0, SECTOR);
            file.force();
        }
        disk.putRight();
        assertEquals(SECTOR, count(disk, "snapshot.1", (byte) 7));
    }

    @Test
    void aForceThatFailedHasForcedNothingNotEvenForALaterOne() throws IOException {
        SimDisk disk = disk(1);
        DiskFile file = write(disk, "a", SECTOR, (byte) 7);
        disk.failForces(1);
        assertThrows(IOException.class, file::force);
        file.force();
        disk.forceNames();
        disk.powerCut();
        assertEquals(0, count(disk, "a", (byte) 7));
    }

    @Test
    void afterThePowerHasGoneNothingIsDoneAnyMore() throws IOException {
        SimDisk disk = disk(1);
        disk.dieAfter(1);
        disk.create("a").close();
        assertThrows(PowerCutException.class, () -> disk.create("b"));
        assertThrows(PowerCutException.class, disk::forceNames);
        disk.processDied();
        assertTrue(disk.exists("a"));
        assertFalse(disk.exists("b"));
    }

    @Test
    void aFullDiskTakesNothingNewUntilThereIsRoom() throws IOException {
        SimDisk disk = disk(1);
        disk.full(true);
        IOException refusal = assertThrows(IOException.class, () -> disk.create("a"));
        assertTrue(String.valueOf(refusal.getMessage()).contains("No space left on device"));
        disk.full(false);
        disk.create("a").close();
        assertTrue(disk.exists("a"));
    }

    private static SimDisk disk(long seed) {
        return new SimDisk("disk", Chance.of(seed, "disk", 0));
    }

    private static DiskFile write(SimDisk disk, String name, int count, byte value)
            throws IOException {
        DiskFile file = disk.create(name);
        file.write(0, filled(count, value), 0, count);
        return file;
    }

    private static byte[] filled(int count, byte value) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, value);
        return bytes;
    }

    private static int count(SimDisk disk, String name, byte value) throws IOException {
        byte[] bytes = new byte[8 * SECTOR];
        int found = 0;
        try (DiskFile file = disk.open(name, false)) {
            int read = file.read(0, bytes, 0, bytes.length);
            for (int i = 0; i < read; i++) {
                found += bytes[i] == value ? 1 : 0;
            }
        }
        return found;
    }
}
