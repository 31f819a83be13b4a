package vivarium.properties.raw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of a reply, read in order. A reply that ends too soon fails the test. */
public final class JuteIn {

    private final ByteBuffer bytes;

    public JuteIn(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    public int int32() {
        return bytes.getInt();
    }

    public long int64() {
        return bytes.getLong();
    }

    public boolean bool() {
        return bytes.get() != 0;
    }

    public byte @Nullable [] buffer() {
        int length = bytes.getInt();
        if (length == -1) {
            return null;
        }
        byte[] value = new byte[length];
        bytes.get(value);
        return value;
    }

    public @Nullable String text() {
        byte[] value = buffer();
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    public List<String> texts() {
        int count = bytes.getInt();
        var values = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            values.add(String.valueOf(text()));
        }
        return values;
    }

    public List<AclEntry> acl() {
        int count = bytes.getInt();
        var entries = new ArrayList<AclEntry>();
        for (int i = 0; i < count; i++) {
            entries.add(new AclEntry(int32(), String.valueOf(text()), String.valueOf(text())));
        }
        return entries;
    }

    public StatFields stat() {
        return StatFields.read(this);
    }

    public int left() {
        return bytes.remaining();
    }

    public void expectEnd() {
        if (bytes.hasRemaining()) {
            throw new AssertionError(bytes.remaining() + " bytes behind the last field");
        }
    }
}
