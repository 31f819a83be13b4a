package vivarium.properties.walls.sins.core;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;

/** Planted sins: what a core has no business to know of. */
public interface KnowingTooMuch {
    void waitsInAQueue(BlockingQueue<String> queue);

    void handles(MethodHandle handle);

    void otherChecksums(CRC32C checksum);

    void streams(Stream<String> stream);

    void logs(Logger log);
}
