package vivarium.benchmarks.jmh;

import java.io.IOException;
import java.util.List;
import vivarium.storage.Disk;
import vivarium.storage.DiskFile;

/** A disk that takes what it is given at the speed of memory, and keeps none of it. */
final class ForgetfulDisk implements Disk {
    private final byte[] memory = new byte[1 << 20];

    @Override
    public List<String> list() {
        return List.of();
    }

    @Override
    public boolean exists(String name) {
        return false;
    }

    @Override
    public DiskFile create(String name) {
        return new ForgetfulFile();
    }

    @Override
    public DiskFile open(String name, boolean toWrite) throws IOException {
        throw new IOException("nothing is kept here");
    }

    @Override
    public void rename(String from, String to) {}

    @Override
    public void delete(String name) {}

    @Override
    public void forceNames() {}

    @Override
    public String place() {
        return "nowhere";
    }

    private final class ForgetfulFile implements DiskFile {
        @Override
        public long length() {
            return 0;
        }

        @Override
        public int read(long position, byte[] target, int offset, int count) {
            return -1;
        }

        @Override
        public void write(long position, byte[] source, int offset, int count) {
            System.arraycopy(source, offset, memory, 0, Math.min(count, memory.length));
        }

        @Override
        public void extend(long length) {}

        @Override
        public void truncate(long length) {}

        @Override
        public void force() {}

        @Override
        public void close() {}
    }
}
