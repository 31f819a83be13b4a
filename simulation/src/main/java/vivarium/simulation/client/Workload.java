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

    private static final Kind[] KINDS = Kind.values();

    private final ClientTraits traits;
    private final Chance ideas;
    private final long client;

    /** The chance of the idea that it is having. */
    private Chance chance;

    private long nextValue = 1;
    private long nextEphemeral = 1;

    /** What an idea may be about. */
    private enum Kind {
        READ,
        SYNCED_READ,
        WRITE,
        DELETE,
        MULTI,
        SEQUENCE,
        EPHEMERAL,
        WATCH,
        CLOSE,
        SECRET,
        MORTAL,
        PIPELINE
    }

    /**
     * One request of an idea, and what it means. All those of an idea are asked at once.
     *
     * @param acts what it does to {@code group}, empty where the history is not concerned
     * @param path the znode that it is about, null for several
     * @param sequential whether it draws a sequence number
     */
    record Step(
            Operation operation,
            String group,
            List<Act> acts,
            @Nullable Path path,
            boolean sequential) {
        static Step plain(Operation operation, @Nullable Path path) {
            return new Step(operation, "", List.of(), path, false);
        }

        History.@Nullable Call call(long nowMicros, long sessionId, int xid) {
            return acts.isEmpty() ? null : new History.Call(group, acts, nowMicros, sessionId, xid);
        }
    }

    Workload(ClientTraits traits, Chance ideas, long client) {
        this.traits = traits;
        this.ideas = ideas;
        this.chance = ideas;
        this.client = client;
    }

    /** An idea by its number, from 0 on; no other one depends on what was drawn for it. */
    List<Step> idea(long number) {
        chance = ideas.part("idea", number);
        return switch (kind(chance)) {
            case READ -> List.of(read(false));
            case SYNCED_READ -> syncedRead();
            case WRITE -> List.of(write());
            case DELETE -> List.of(delete());
            case MULTI -> List.of(multi());
            case SEQUENCE -> List.of(sequential());
            case EPHEMERAL -> List.of(ephemeral());
            case WATCH -> List.of(read(true));
            case CLOSE -> List.of(Step.plain(new Operation.CloseSession(), null));
            case SECRET -> List.of(secret());
            case MORTAL -> mortal();
            case PIPELINE -> pipeline();
        };
    }

    private Kind kind(Chance idea) {
        Kind first = Kind.READ;
        double least = Double.POSITIVE_INFINITY;
        for (Kind kind : KINDS) {
            double at = idea.part(kind.name(), 0).first(weight(kind));
            if (at < least) {
                first = kind;
                least = at;
            }
        }
        return first;
    }

    private int weight(Kind kind) {
        return switch (kind) {
            case READ -> traits.readWeight();
            case SYNCED_READ -> traits.syncedReadWeight();
            case WRITE -> traits.writeWeight();
            case DELETE -> traits.deleteWeight();
            case MULTI -> traits.multiWeight();
            case SEQUENCE -> traits.sequenceWeight();
            case EPHEMERAL -> traits.ephemeralWeight();
            case WATCH -> traits.watchWeight();
            case CLOSE -> traits.closeWeight();
            case SECRET -> traits.secretWeight();
            case MORTAL -> traits.mortalWeight();
            case PIPELINE -> traits.pipelineWeight();
        };
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

    private Step read(boolean watch) {
        Path path = path(group(), cell());
        return Step.plain(new Operation.GetData(path, watch), path);
    }

    private List<Step> syncedRead() {
        String group = group();
        int cell = cell();
        Path path = path(group, cell);
        Act act = new Act(Act.Kind.READ, cell, 0, 0);
        Operation read = new Operation.GetData(path, false);
        return List.of(sync(path), new Step(read, group, List.of(act), path, false));
    }

    private static Step sync(Path path) {
        return Step.plain(new Operation.Sync(path), path);
    }

    /**
     * Syncs and writes in turns without waiting for answers, and at the end a read: whatever the
     * syncs hold up, each request keeps its place.
     */
    private List<Step> pipeline() {
        List<Step> steps = new ArrayList<>();
        for (int left = chance.between(1, 3); left > 0; left--) {
            steps.add(sync(path(group(), cell())));
            for (int writes = chance.between(1, 2); writes > 0; writes--) {
                steps.add(write());
            }
        }
        steps.addAll(chance.happens(0.5) ? syncedRead() : List.of(read(false)));
        return steps;
    }

    private Step write() {
        String group = group();
        int cell = cell();
        long value = value();
        Act act =
                chance.happens(0.3)
                        ? new Act(Act.Kind.CREATE, cell, value, -1)
                        : new Act(Act.Kind.SET, cell, value, version());
        return one(group, act);
    }

    private Step delete() {
        return one(group(), new Act(Act.Kind.DELETE, cell(), 0, version()));
    }

    private Step one(String group, Act act) {
        Path path = path(group, act.cell());
        return new Step(part(path, act), group, List.of(act), path, false);
    }

    private Step multi() {
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
        return new Step(new Operation.Multi(parts), group, acts, null, false);
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

    private Step sequential() {
        Path path = Path.of("/q-");
        int flags = chance.happens(0.5) ? SEQUENTIAL : SEQUENTIAL | EPHEMERAL;
        return new Step(create(path, flags), "", List.of(), path, true);
    }

    private Step ephemeral() {
        Path path = Path.of("/e" + client + "-" + nextEphemeral++);
        return Step.plain(create(path, EPHEMERAL), path);
    }

    private Operation create(Path path, int flags) {
        return new Operation.Create(
                Operation.CreateKind.CREATE2, path, bytes(value()), OPEN, flags, -1);
    }

    /** Something about a znode that one circle of clients keeps to itself, often another's. */
    private Step secret() {
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
        return Step.plain(operation, path);
    }

    /** A container with a child, which may go again; or a znode with a time to live. */
    private List<Step> mortal() {
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
        List<Step> steps = new ArrayList<>();
        operations.forEach(operation -> steps.add(Step.plain(operation, path)));
        return steps;
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
