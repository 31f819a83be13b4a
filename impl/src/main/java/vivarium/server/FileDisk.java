package vivarium.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import vivarium.storage.Disk;
import vivarium.storage.DiskFile;

/** A directory of the real file system. It belongs to one thread at a time. */
public final class FileDisk implements Disk {
    private final Path directory;

    /**
     * Makes the directory, and those above it, if they are not there yet; durable when this
     * returns.
     */
    public FileDisk(Path directory) throws IOException {
        this.directory = directory.toAbsolutePath();
        List<Path> missing = new ArrayList<>();
        for (Path at = this.directory; at != null && !Files.exists(at); at = at.getParent()) {
            missing.add(at);
        }
        Files.createDirectories(this.directory);
        for (Path made : missing) {
            Path parent = made.getParent();
            if (parent != null) {
                forceDirectory(parent);
            }
        }
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                if (name != null && Files.isRegularFile(entry)) {
                    names.add(name.toString());
                }
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new OpenFile(
                FileChannel.open(
                        directory.resolve(name),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile open(String name, boolean toWrite) throws IOException {
        Path path = directory.resolve(name);
        return new OpenFile(
                toWrite
                        ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        : FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void forceNames() throws IOException {
        forceDirectory(directory);
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public String place() {
        return directory.toString();
    }

    /** A file by its channel. */
    private static final class OpenFile implements DiskFile {
        private final FileChannel channel;

        OpenFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public int read(long position, byte[] target, int offset, int count) throws IOException {
            return channel.read(ByteBuffer.wrap(target, offset, count), position);
        }

        @Override
        public void write(long position, byte[] source, int offset, int count) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(source, offset, count);
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }

        /** One zero at the end: the file system fills the gap without being told to. */
        @Override
        public void extend(long length) throws IOException {
            if (length > channel.size()) {
                write(length - 1, new byte[1], 0, 1);
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        /** As fdatasync: the length is made durable with the data, times are not. */
        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
