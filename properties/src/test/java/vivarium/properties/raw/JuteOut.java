package vivarium.properties.raw;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes of a request, field after field in jute's encoding. */
public final class JuteOut {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public JuteOut int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
        return this;
    }

    public JuteOut int64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
        return this;
    }

    public JuteOut bool(boolean value) {
        bytes.write(value ? 1 : 0);
        return this;
    }

    public JuteOut text(@Nullable String value) {
        return buffer(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    public JuteOut buffer(byte @Nullable [] value) {
        if (value == null) {
            return int32(-1);
        }
        int32(value.length);
        bytes.writeBytes(value);
        return this;
    }

    public JuteOut texts(List<String> values) {
        int32(values.size());
        values.forEach(this::text);
        return this;
    }

    public JuteOut acl(@Nullable List<AclEntry> entries) {
        if (entries == null) {
            return int32(-1);
        }
        int32(entries.size());
        for (AclEntry entry : entries) {
            int32(entry.perms()).text(entry.scheme()).text(entry.id());
        }
        return this;
    }

    /** As it is, without a length. */
    public JuteOut raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
