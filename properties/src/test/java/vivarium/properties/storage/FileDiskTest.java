package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.server.FileDisk;
import vivarium.storage.DiskFile;

/** What the storage counts on, on the real file system. */
class FileDiskTest {
    @TempDir Path directory = Path.of("");

    private FileDisk disk() throws IOException {
        return new FileDisk(directory.resolve("a/b/version-2"));
    }

    private static void fill(FileDisk disk, String name, int... bytes) throws IOException {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        try (DiskFile file = disk.create(name)) {
            file.write(0, array, 0, array.length);
            file.force();
        }
        disk.forceNames();
    }

    private byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(directory.resolve("a/b/version-2").resolve(name));
    }

    @Test
    void namesAreListedSortedAndWithoutDirectories() throws IOException {
        FileDisk disk = disk();
        fill(disk, "b", 1);
        fill(disk, "a", 1);
        Files.createDirectory(directory.resolve("a/b/version-2/c"));
        assertEquals(List.of("a", "b"), disk.list());
        assertTrue(disk.exists("a"));
        assertFalse(disk.exists("z"));
        assertTrue(disk.place().endsWith("version-2"), disk.place());
    }

    @Test
    void aNameThatIsTakenIsNotCreatedAgain() throws IOException {
        FileDisk disk = disk();
        fill(disk, "a", 1, 2);
        assertThrows(FileAlreadyExistsException.class, () -> disk.create("a"));
        assertArrayEquals(new byte[] {1, 2}, bytes("a"));
        assertThrows(NoSuchFileException.class, () -> disk.open("z", false));
    }

    @Test
    void renamingTakesThePlaceOfWhatWasThere() throws IOException {
        FileDisk disk = disk();
        fill(disk, "old", 1);
        fill(disk, "new", 2);
        disk.rename("new", "old");
        assertEquals(List.of("old"), disk.list());
        assertArrayEquals(new byte[] {2}, bytes("old"));
        disk.delete("old");
        assertEquals(List.of(), disk.list());
    }

    @Test
    void aFileIsReadAndWrittenAnywhereExtendedWithZerosAndCut() throws IOException {
        FileDisk disk = disk();
        fill(disk, "a", 1, 2, 3);
        try (DiskFile file = disk.open("a", true)) {
            file.extend(6);
            file.extend(2);
            file.write(4, new byte[] {9, 8, 7}, 1, 1);
            byte[] read = new byte[8];
            assertEquals(6, file.length());
            assertEquals(5, file.read(1, read, 2, 6));
            assertArrayEquals(new byte[] {0, 0, 2, 3, 0, 8, 0, 0}, read);
            assertEquals(-1, file.read(6, read, 0, 1));
            file.truncate(2);
            file.force();
        }
        assertArrayEquals(new byte[] {1, 2}, bytes("a"));
    }

    /** Asked of the JVM itself, since nothing but a power cut tells a force from none. */
    @Test
    void whatIsForcedIsForcedAndSoAreNames() throws IOException {
        FileDisk disk = disk();
        Path place = directory.resolve("a/b/version-2").toAbsolutePath();
        Path recorded = directory.resolve("forces.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
            recording.start();
            try (DiskFile file = disk.create("data")) {
                file.write(0, new byte[] {1}, 0, 1);
                file.force();
            }
            disk.forceNames();
            recording.stop();
            recording.dump(recorded);
        }
        List<String> forced =
                RecordingFile.readAllEvents(recorded).stream()
                        .map(event -> event.getString("path"))
                        .toList();
        assertTrue(forced.contains(place.resolve("data").toString()), forced::toString);
        assertTrue(forced.contains(place.toString()), forced::toString);
    }
}
