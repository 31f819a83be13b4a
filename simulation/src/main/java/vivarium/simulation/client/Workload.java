package vivarium.simulation.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.history.Act;
import vivarium.simulation.history.History;

/** What one client thinks of next. Every value that is written is written once in a run. */
final class Workload {
    private static final List<Acl> OPEN = List.of(new Acl(Acl.ALL, "world", "anyone"));
    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;
    private static final byte PADDING = 0x55;
    private static final int CONTAINER = 4;
    private static final int WITH_TTL = 5;

    private final ClientTraits traits;
    private final Chance chance;
    private final long client;
    private long nextValue = 1;
    private long nextEphemeral = 1;

    /**
     * An operation, and what it means.
     *
     * @param operations what to ask for, one after the other; the last one's reply is the result
     * @param acts what it does to {@code group}, empty where the history is not concerned
     */
    record Idea(
            List<Operation> operations,
            String group,
            List<Act> acts,
            @Nullable Path path,
            boolean sequential) {
        History.@Nullable Call call(long nowMicros, long sessionId, int xid) {
            return acts.isEmpty() ? null : new History.Call(group, acts, nowMicros, sessionId, xid);
        }
    }

    Workload(ClientTraits traits, Chance chance, long client) {
        this.traits = traits;
        this.chance = chance;
        this.client = client;
    }

    Idea next() {
        int all =
                traits.readWeight()
                        + traits.syncedReadWeight()
                        + traits.writeWeight()
                        + traits.deleteWeight()
                        + traits.multiWeight()
                        + traits.sequenceWeight()
                        + traits.ephemeralWeight()
                        + traits.watchWeight()
                        + traits.closeWeight()
                        + traits.secretWeight()
                        + traits.mortalWeight();
        int at = chance.between(0, all - 1);
        if ((at -= traits.readWeight()) < 0) {
            return read(false);
        }
        if ((at -= traits.syncedReadWeight()) < 0) {
            return syncedRead();
        }
        if ((at -= traits.writeWeight()) < 0) {
            return write();
        }
        if ((at -= traits.deleteWeight()) < 0) {
            return delete();
        }
        if ((at -= traits.multiWeight()) < 0) {
            return multi();
        }
        if ((at -= traits.sequenceWeight()) < 0) {
            return sequential();
        }
        if ((at -= traits.ephemeralWeight()) < 0) {
            return ephemeral();
        }
        if ((at -= traits.watchWeight()) < 0) {
            return read(true);
        }
        if ((at -= traits.secretWeight()) < 0) {
            return secret();
        }
        return at - traits.mortalWeight() < 0 ? mortal() : close();
    }

    /** A group is a pair of znodes; only multis concern both. */
    private String group() {
        return "k" + chance.between(0, traits.keys() - 1);
    }

    private static Path path(String group, int cell) {
        return Path.of("/" + group + (cell == 0 ? "a" : "b"));
    }

    private int cell() {
        return chance.happens(0.75) ? 0 : 1;
    }

    private Idea read(boolean watch) {
        Path path = path(group(), cell());
        return new Idea(List.of(new Operation.GetData(path, watch)), "", List.of(), path, false);
    }

    private Idea syncedRead() {
        String group = group();
        int cell = cell();
        Path path = path(group, cell);
        return new Idea(
                List.of(new Operation.Sync(path), new Operation.GetData(path, false)),
                group,
                List.of(new Act(Act.Kind.READ, cell, 0, 0)),
                path,
                false);
    }

    private Idea write() {
        String group = group();
        int cell = cell();
        long value = value();
        Act act =
                chance.happens(0.3)
                        ? new Act(Act.Kind.CREATE, cell, value, -1)
                        : new Act(Act.Kind.SET, cell, value, version());
        return one(group, act);
    }

    private Idea delete() {
        return one(group(), new Act(Act.Kind.DELETE, cell(), 0, version()));
    }

    private Idea one(String group, Act act) {
        Path path = path(group, act.cell());
        return new Idea(List.of(part(path, act)), group, List.of(act), path, false);
    }

    private Idea multi() {
        String group = group();
        List<Act> acts = new ArrayList<>();
        List<Operation.Part> parts = new ArrayList<>();
        for (int cell = 0; cell < 2; cell++) {
            Act act =
                    switch (chance.between(0, 3)) {
                        case 0 -> new Act(Act.Kind.CREATE, cell, value(), -1);
                        case 1 -> new Act(Act.Kind.CHECK, cell, 0, version());
                        default -> new Act(Act.Kind.SET, cell, value(), version());
                    };
            acts.add(act);
            parts.add(part(path(group, cell), act));
        }
        return new Idea(List.of(new Operation.Multi(parts)), group, acts, null, false);
    }

    private Operation.Part part(Path path, Act act) {
        return switch (act.kind()) {
            case CREATE ->
                    new Operation.Create(
                            Operation.CreateKind.CREATE, path, bytes(act.value()), OPEN, 0, -1);
            case SET -> new Operation.SetData(path, bytes(act.value()), act.version());
            case DELETE -> new Operation.Delete(path, act.version());
            case CHECK -> new Operation.CheckVersion(path, act.version());
            case READ -> throw new IllegalArgumentException("a read is no part of a write");
        };
    }

    private Idea sequential() {
        Path path = Path.of("/q-");
        int flags = chance.happens(0.5) ? SEQUENTIAL : SEQUENTIAL | EPHEMERAL;
        return new Idea(List.of(create(path, flags)), "", List.of(), path, true);
    }

    private Idea ephemeral() {
        Path path = Path.of("/e" + client + "-" + nextEphemeral++);
        return new Idea(List.of(create(path, EPHEMERAL)), "", List.of(), path, false);
    }

    private Operation create(Path path, int flags) {
        return new Operation.Create(
                Operation.CreateKind.CREATE2, path, bytes(value()), OPEN, flags, -1);
    }

    /** Something about a znode that one circle of clients keeps to itself, often another's. */
    private Idea secret() {
        long circle = chance.happens(0.6) ? Secrets.circle(client) : chance.between(0, 2);
        Path path = Secrets.path(circle);
        List<Acl> acl = Secrets.acl(circle);
        boolean own = circle == Secrets.circle(client);
        Operation operation =
                switch (chance.between(0, own ? 3 : 1)) {
                    case 0 -> new Operation.GetData(path, false);
                    case 1 -> new Operation.SetData(path, bytes(value()), -1);
                    case 2 -> new Operation.SetAcl(path, acl, -1);
                    default ->
                            new Operation.Create(
                                    Operation.CreateKind.CREATE2, path, bytes(value()), acl, 0, -1);
                };
        return new Idea(List.of(operation), "", List.of(), path, false);
    }

    /** A container with a child, which may go again; or a znode with a time to live. */
    private Idea mortal() {
        long number = nextEphemeral++;
        List<Operation> operations = new ArrayList<>();
        Path path;
        if (chance.happens(0.6)) {
            path = Path.of("/c" + client + "-" + number);
            Path child = path.child("k");
            operations.add(
                    new Operation.Create(
                            Operation.CreateKind.CONTAINER, path, null, OPEN, CONTAINER, -1));
            operations.add(create(child, 0));
            if (chance.happens(0.8)) {
                operations.add(new Operation.Delete(child, -1));
            }
        } else {
            path = Path.of("/t" + client + "-" + number);
            long ttlMillis = chance.magnitude(50, 20_000);
            operations.add(
                    new Operation.Create(
                            Operation.CreateKind.TTL, path, null, OPEN, WITH_TTL, ttlMillis));
            if (chance.happens(0.5)) {
                operations.add(new Operation.SetData(path, bytes(value()), -1));
            }
        }
        return new Idea(operations, "", List.of(), path, false);
    }

    private static Idea close() {
        return new Idea(List.of(new Operation.CloseSession()), "", List.of(), null, false);
    }

    private int version() {
        return chance.happens(0.6) ? -1 : chance.between(0, 4);
    }

    private long value() {
        return client << 32 | nextValue++;
    }

    private Bytes bytes(long value) {
        int padding = traits.paddingBytes() == 0 ? 0 : chance.between(0, traits.paddingBytes());
        byte[] bytes = new byte[Long.BYTES + padding];
        // No sector of zeros: rot beside one can't be told from a torn write.
        Arrays.fill(bytes, PADDING);
        ByteBuffer.wrap(bytes).putLong(value);
        return Bytes.wrap(bytes);
    }

    /** The value in a znode's data. */
    static long value(@Nullable Bytes data) {
        return data == null || data.length() < Long.BYTES
                ? 0
                : ByteBuffer.wrap(data.toArray()).getLong();
    }
}
