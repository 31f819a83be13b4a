package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.xerial.snappy.SnappyInputStream;
import vivarium.storage.Packing;

/** What we pack, the library that Apache's server has unpacks. */
class PackingTest {

    /** Random bytes, and bytes that were there before at all distances and lengths. */
    @Property(tries = 200)
    void whatIsPackedBySnappyIsUnpackedByItsLibrary(@ForAll Random random) throws IOException {
        byte[] bytes = new byte[random.nextInt(100_000)];
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(12)));
            int distance = 1 + random.nextInt(Math.max(1, at));
            boolean again = at > 0 && random.nextBoolean();
            for (int end = at + length; at < end; at++) {
                bytes[at] = again ? bytes[at - distance] : (byte) random.nextInt();
            }
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = Packing.SNAPPY.into(packed)) {
            for (int from = 0; from < bytes.length; ) {
                int piece = Math.min(bytes.length - from, 1 + random.nextInt(50_000));
                out.write(bytes, from, piece);
                from += piece;
            }
        }
        var unpacked = new SnappyInputStream(new ByteArrayInputStream(packed.toByteArray()));
        assertArrayEquals(bytes, unpacked.readAllBytes());
    }
}
