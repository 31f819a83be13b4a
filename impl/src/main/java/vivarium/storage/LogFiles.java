package vivarium.storage;

import java.io.IOException;
import java.util.List;

/** Which log files there are. */
final class LogFiles {
    private LogFiles() {}

    /** All log files, by ascending first zxid. */
    static List<FileNames.Named> list(Disk disk) throws IOException {
        return FileNames.select(disk.list(), FileNames.LOG, List.of(""));
    }

    /** The index of the last file that may hold {@code zxid}, -1 if all begin behind it. */
    static int holding(List<FileNames.Named> files, long zxid) {
        int holding = -1;
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).zxid() <= zxid) {
                holding = i;
            }
        }
        return holding;
    }
}
