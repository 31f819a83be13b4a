package vivarium.properties.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.wire.JuteWriter;

/** Apache's encoding of its records, and our values for what its records hold. */
public final class Jute {
    private Jute() {}

    /** One after the other, as Apache writes them. */
    public static byte[] bytes(Record... records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
        try {
            for (Record each : records) {
                each.serialize(archive, "record");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Fills a record from bytes, as Apache reads them. */
    public static <R extends Record> R read(R into, byte[] bytes) {
        Cursor cursor = new Cursor(bytes, 0);
        R filled = cursor.read(into);
        cursor.assertAtEnd();
        return filled;
    }

    /** What Apache reads when it reads what it wrote: strings may have lost what is no UTF-8. */
    public static <R extends Record> R reread(R written, R into) {
        return read(into, bytes(written));
    }

    /** What a writer holds, without a frame's length prefix. */
    public static byte[] body(JuteWriter out) {
        byte[] frame = out.toArray();
        return Arrays.copyOfRange(frame, Integer.BYTES, frame.length);
    }

    public static @Nullable Bytes bytesOrNull(byte @Nullable [] array) {
        return array == null ? null : Bytes.wrap(array);
    }

    public static Path path(String text) {
        return Path.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public static List<Path> paths(List<String> texts) {
        List<Path> paths = new ArrayList<>();
        for (String text : texts) {
            paths.add(path(text));
        }
        return paths;
    }

    public static List<Acl> acl(List<ACL> list) {
        List<Acl> acl = new ArrayList<>();
        for (ACL each : list) {
            acl.add(new Acl(each.getPerms(), each.getId().getScheme(), each.getId().getId()));
        }
        return acl;
    }

    public static @Nullable List<Acl> aclOrNull(@Nullable List<ACL> list) {
        return list == null ? null : acl(list);
    }

    /** Reads several records, one after the other. */
    public static final class Cursor {
        private final ByteArrayInputStream in;
        private final BinaryInputArchive archive;

        public Cursor(byte[] bytes, int from) {
            in = new ByteArrayInputStream(bytes, from, bytes.length - from);
            archive = BinaryInputArchive.getArchive(in);
        }

        public <R extends Record> R read(R into) {
            try {
                into.deserialize(archive, "record");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return into;
        }

        public void assertAtEnd() {
            if (in.available() > 0) {
                throw new AssertionError(in.available() + " bytes too many");
            }
        }
    }
}
