package vivarium.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** How snapshots are packed; the ending of their names says it to those who read them. */
public enum Packing {
    /** Not at all. */
    NONE(""),
    /** As by gzip. */
    GZIP(".gz"),
    /** As by snappy-java's streams: quicker, and longer. */
    SNAPPY(".snappy");

    private static final int BUFFER_BYTES = 64 << 10;

    private final String ending;

    Packing(String ending) {
        this.ending = ending;
    }

    /** What the names of such snapshots end with. */
    String ending() {
        return ending;
    }

    /** A stream that packs what it is given into {@code out}, all of it once it is closed. */
    public OutputStream into(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
            case SNAPPY -> new SnappyOutput(out);
        };
    }
}
