package vivarium.properties.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/** Draws field values, edge cases more often than not, in terms of Apache's records. */
public final class Dice {
    private static final long[] EDGES = {
        0, 1, -1, 255, 0xffff_ffffL, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MIN_VALUE
    };
    private static final String[] NAMES = {
        "a",
        "lock-0000000001",
        "näh",
        "日本",
        "\u0007",
        "..",
        "",
        " ",
        "\ud83d\ude00",
        "\udc00x",
        "\ud800",
        "/",
        "%",
        "\uffff",
        "x".repeat(300)
    };

    private final Random random;

    private Dice(Random random) {
        this.random = random;
    }

    /** Dice by jqwik's own chance, so that a failure names its seed. */
    public static Arbitrary<Dice> all() {
        return Arbitraries.longs().map(seed -> new Dice(new Random(seed)));
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public boolean flag() {
        return random.nextBoolean();
    }

    public long int64() {
        return flag() ? random.nextLong() : EDGES[below(EDGES.length)];
    }

    public int int32() {
        return (int) int64();
    }

    public String text() {
        int kind = below(3);
        if (kind == 0) {
            return NAMES[below(NAMES.length)];
        }
        StringBuilder text = new StringBuilder();
        for (int i = below(20); i > 0; i--) {
            text.append((char) (kind == 1 ? 0x20 + below(0x5f) : below(0x10000)));
        }
        return text.toString();
    }

    public String path() {
        StringBuilder path = new StringBuilder();
        for (int i = below(4); i >= 0; i--) {
            path.append('/').append(text());
        }
        return path.toString();
    }

    public byte[] bytes() {
        byte[] bytes = new byte[flag() ? below(16) : below(3000)];
        random.nextBytes(bytes);
        return bytes;
    }

    public byte @Nullable [] bytesOrNull() {
        return below(4) == 0 ? null : bytes();
    }

    public <T> List<T> several(Supplier<T> one) {
        List<T> all = new ArrayList<>();
        for (int i = below(6); i > 0; i--) {
            all.add(one.get());
        }
        return all;
    }

    public List<ACL> acl() {
        return several(() -> new ACL(int32(), new Id(text(), text())));
    }

    public @Nullable List<ACL> aclOrNull() {
        return below(5) == 0 ? null : acl();
    }
}
