package vivarium.properties.core;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;

/** Draws operations over so few paths that they often meet. */
final class RandomTxns {
    static final List<Identity> WHO = List.of(new Identity("ip", "127.0.0.1"));

    private final RandomGenerator random;

    RandomTxns(RandomGenerator random) {
        this.random = random;
    }

    Path path() {
        StringBuilder path = new StringBuilder();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            path.append('/').append((char) ('a' + random.nextInt(3)));
        }
        return Path.of(path.toString());
    }

    private @Nullable Bytes data() {
        return random.nextInt(5) == 0 ? null : Bytes.utf8("d".repeat(random.nextInt(20)));
    }

    private int version() {
        return random.nextBoolean() ? -1 : random.nextInt(3);
    }

    private List<Acl> acl() {
        return random.nextInt(4) == 0
                ? List.of(new Acl(1 + random.nextInt(31), "ip", "127.0.0.0/8"))
                : World.OPEN;
    }

    Operation.Part part() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> create(Operation.CreateKind.CREATE, random.nextInt(4), -1);
            case 3 -> create(Operation.CreateKind.CONTAINER, 4, -1);
            case 4 -> create(Operation.CreateKind.TTL, 5, 1 + random.nextInt(1000));
            case 5 -> new Operation.Delete(path(), version());
            case 6 -> new Operation.SetData(path(), data(), version());
            default -> new Operation.CheckVersion(path(), version());
        };
    }

    private Operation.Create create(Operation.CreateKind kind, int flags, long ttlMillis) {
        return new Operation.Create(kind, path(), data(), acl(), flags, ttlMillis);
    }

    Operation.Write write() {
        return switch (random.nextInt(8)) {
            case 0 -> new Operation.SetAcl(path(), acl(), version());
            case 1 -> {
                List<Operation.Part> parts = new ArrayList<>();
                int count = random.nextInt(5);
                for (int i = 0; i < count; i++) {
                    parts.add(part());
                }
                yield new Operation.Multi(parts);
            }
            default -> {
                Operation.Part part = part();
                yield part instanceof Operation.CheckVersion ? write() : part;
            }
        };
    }
}
