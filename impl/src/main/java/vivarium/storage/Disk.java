package vivarium.storage;

import java.io.IOException;
import java.util.List;

/**
 * One directory of a disk that may fail, fill up, tear writes and lose what was not forced.
 *
 * <p>Two things have to be forced: the bytes of a file by {@link DiskFile#force}, and the names in
 * the directory, which creation, renaming and deletion change, by {@link #forceNames}. Until then a
 * power cut may undo any of them, in any order.
 */
public interface Disk {

    /** The names of all files, sorted; directories are not among them. */
    List<String> list() throws IOException;

    /** Whether there is a file called {@code name}. */
    boolean exists(String name) throws IOException;

    /** Makes an empty file, to be read and written; fails if the name is taken. */
    DiskFile create(String name) throws IOException;

    /** Opens a file that is there, to be read only or to be written too. */
    DiskFile open(String name, boolean toWrite) throws IOException;

    /** Gives a file another name in one step, taking the place of one that had it. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file. */
    void delete(String name) throws IOException;

    /** Makes all creations, renamings and deletions so far durable. */
    void forceNames() throws IOException;

    /** Where this is, for people. */
    String place();
}
