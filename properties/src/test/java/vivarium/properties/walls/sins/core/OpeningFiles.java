package vivarium.properties.walls.sins.core;

import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Planted sins: the ways out of memory. */
public interface OpeningFiles {
    void path(Path path);

    void file(RandomAccessFile file);

    void socket(Socket socket);

    void channel(FileChannel channel);
}
