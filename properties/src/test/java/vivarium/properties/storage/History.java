package vivarium.properties.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.Znode;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.storage.Disk;
import vivarium.storage.LogSettings;
import vivarium.storage.Recovery;
import vivarium.storage.SnapshotSettings;
import vivarium.storage.SnapshotWriter;
import vivarium.storage.Snapshots;

/** Draws a history of transactions over few paths, and keeps the replica that has them all. */
final class History {
    static final LogSettings SMALL = new LogSettings(8192, true, 1 << 20);

    private static final String[] NAMES = {"a", "b", "c", "näme"};
    private static final List<CreateKind> KINDS = List.of(CreateKind.values());
    private static final int SESSIONS = 4;

    private final RandomGenerator random;
    private final boolean extendedTypes;
    private final Replica replica;
    private final List<Proposal> proposals = new ArrayList<>();
    private long lastZxid;

    /** Who asks for the transaction that is being drawn. */
    private long session;

    History(long seed) {
        this(seed, true);
    }

    /** Without extended types no znode has a time to live, as on an Apache server by default. */
    History(long seed, boolean extendedTypes) {
        this.random = new SplittableRandom(seed);
        this.extendedTypes = extendedTypes;
        this.replica = Replica.fresh(extendedTypes);
    }

    Replica replica() {
        return replica;
    }

    /** All proposals so far, in order. */
    List<Proposal> proposals() {
        return proposals;
    }

    long lastZxid() {
        return lastZxid;
    }

    /** The next transaction belongs to a new epoch. */
    void nextEpoch() {
        lastZxid = ((lastZxid >>> 32) + 1) << 32;
    }

    /** Draws and applies a transaction. */
    Proposal next() {
        lastZxid++;
        session = 0x0100_0000_0000_0000L + random.nextInt(SESSIONS);
        long time = 1_700_000_000_000L + proposals.size();
        Txn txn = random.nextInt(8) == 0 ? multi() : single();
        int cxid = proposals.size();
        replica.apply(new Proposal(lastZxid, session, cxid, time, txn, false, 0));
        Proposal agreed = new Proposal(lastZxid, session, cxid, time, txn, true, replica.digest());
        proposals.add(agreed);
        return agreed;
    }

    List<Proposal> next(int count) {
        for (int i = 0; i < count; i++) {
            next();
        }
        return proposals.subList(proposals.size() - count, proposals.size());
    }

    /** Its parts meet no znode twice: what one leaves is not known yet when the next is drawn. */
    private Txn multi() {
        List<Txn> parts = new ArrayList<>();
        boolean failed = random.nextInt(3) == 0;
        Set<Path> met = new TreeSet<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Txn part = random.nextBoolean() ? create() : setData();
            if (failed) {
                parts.add(new Txn.Failure(i == 0 ? -101 : 0));
            } else if (part instanceof Txn.Create create && meets(met, create.path())) {
                parts.add(create);
            } else if (part instanceof Txn.SetData set && meets(met, set.path())) {
                parts.add(set);
            }
        }
        return new Txn.Multi(parts);
    }

    private static boolean meets(Set<Path> met, Path path) {
        Path parent = path.parent();
        boolean isNew = met.add(path);
        boolean isParentNew = parent == null || met.add(parent);
        return isNew && isParentNew;
    }

    /**
     * As it would be agreed upon: nothing is created twice, deleted or changed without being there.
     */
    private Txn single() {
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4, 5 -> create();
            case 6, 7, 8 -> delete();
            case 9 -> setData();
            case 10 -> {
                Path path = path();
                yield find(path) == null
                        ? new Txn.Failure(-101)
                        : new Txn.SetAcl(path, acl(), random.nextInt(10));
            }
            case 11 -> new Txn.CreateSession(4000 + random.nextInt(9));
            case 12 -> closeSession();
            default -> new Txn.Failure(-101);
        };
    }

    /** Apache can't read one without paths, though it could write it once. */
    private Txn closeSession() {
        boolean listed = !extendedTypes || random.nextBoolean();
        return new Txn.CloseSession(listed ? replica.tree().ephemeralsOf(session) : null);
    }

    private @Nullable Znode find(Path path) {
        return replica.tree().find(path);
    }

    private Path path() {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return Path.of(path.toString());
    }

    private @Nullable Bytes data() {
        byte[] data = new byte[random.nextInt(200)];
        random.nextBytes(data);
        return random.nextInt(6) == 0 ? null : Bytes.wrap(data);
    }

    private List<Acl> acl() {
        return random.nextInt(3) == 0
                ? List.of(new Acl(1 + random.nextInt(31), "digest", "who:" + random.nextInt(5)))
                : List.of(new Acl(Acl.ALL, "world", "anyone"));
    }

    private Txn create() {
        Path path = path();
        CreateKind kind = KINDS.get(random.nextInt(extendedTypes ? 4 : 3));
        Path parentPath = path.parent();
        Znode parent = parentPath == null ? null : find(parentPath);
        // Nothing below an ephemeral: closing a session deletes leaves only.
        if (parent == null || isEphemeral(parent) || find(path) != null) {
            return setData();
        }
        boolean ephemeral = kind.opcode() <= 15 && random.nextInt(4) == 0;
        long ttlMillis = kind == CreateKind.TTL ? 5000 : -1;
        return new Txn.Create(
                kind, path, data(), acl(), ephemeral, parent.created() + 1, ttlMillis);
    }

    private boolean isEphemeral(Znode znode) {
        return replica.tree().stat(znode).ephemeralOwner() != 0;
    }

    private Txn delete() {
        Path path = path();
        Znode znode = find(path);
        return znode == null || replica.tree().stat(znode).numChildren() > 0
                ? setData()
                : new Txn.Delete(path, random.nextInt(5) == 0);
    }

    private Txn setData() {
        Path path = path();
        return find(path) == null
                ? new Txn.Failure(-101)
                : new Txn.SetData(path, data(), random.nextInt(100), false);
    }

    /** Writes the present state, as the server does. */
    void save(Disk disk) throws IOException {
        save(disk, replica);
    }

    /** Writes the present state, in this way. */
    void save(Disk disk, SnapshotSettings settings) throws IOException {
        save(disk, replica, settings);
    }

    static void save(Disk disk, Replica replica) throws IOException {
        save(disk, replica, SnapshotSettings.DEFAULT);
    }

    static void save(Disk disk, Replica replica, SnapshotSettings settings) throws IOException {
        save(
                disk,
                replica,
                settings,
                new SnapshotTail(replica.lastProcessedZxid(), replica.digest()));
    }

    /** Writes a state of which its end says something else. */
    static void save(Disk disk, Replica replica, SnapshotTail tail) throws IOException {
        save(disk, replica, SnapshotSettings.DEFAULT, tail);
    }

    private static void save(
            Disk disk, Replica replica, SnapshotSettings settings, SnapshotTail tail)
            throws IOException {
        SnapshotWriter writer =
                new Snapshots(disk, settings)
                        .begin(
                                new SnapshotHead(
                                        replica.lastProcessedZxid(),
                                        false,
                                        replica.sessions(),
                                        replica.tree().acls()));
        replica.tree()
                .capture((path, data, aclId, stat) -> {
                    try {
                        writer.znode(path, data, aclId, stat);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .advance(Integer.MAX_VALUE);
        writer.end(tail);
    }

    /** What a server finds at its start. */
    static Recovery.Result recover(Disk disk) throws IOException {
        return recover(disk, false);
    }

    static Recovery.Result recover(Disk disk, boolean trustEmpty) throws IOException {
        return new Recovery(
                        disk,
                        disk,
                        new Recovery.Options(
                                SMALL, true, true, trustEmpty, SnapshotSettings.DEFAULT))
                .recover();
    }

    /** As on an Apache server with its defaults. */
    static Recovery.Result recoverPlain(Disk disk) throws IOException {
        return new Recovery(
                        disk,
                        disk,
                        new Recovery.Options(SMALL, true, false, false, SnapshotSettings.DEFAULT))
                .recover();
    }

    /** Fails with the first lines that differ. */
    static void assertSame(List<String> expected, List<String> actual) {
        List<String> missing = new ArrayList<>(expected);
        missing.removeAll(actual);
        List<String> added = new ArrayList<>(actual);
        added.removeAll(expected);
        if (!missing.isEmpty() || !added.isEmpty()) {
            throw new AssertionError(
                    "not found: "
                            + String.join("\n", first(missing))
                            + "\nfound: "
                            + String.join("\n", first(added)));
        }
    }

    private static List<String> first(List<String> lines) {
        return lines.subList(0, Math.min(4, lines.size()));
    }

    /** Everything that a replica holds, for people to compare. */
    static List<String> picture(Replica replica) {
        List<String> lines = new ArrayList<>();
        lines.add("zxid " + Long.toHexString(replica.lastProcessedZxid()));
        lines.add("digest " + Long.toHexString(replica.digest()));
        lines.add("sessions " + replica.sessions());
        replica.tree()
                .capture((path, data, aclId, stat) -> {
                    Znode znode = replica.tree().find(path);
                    lines.add(
                            path
                                    + " "
                                    + (data == null ? null : data.hashCode())
                                    + " "
                                    + stat
                                    + " "
                                    + (znode == null ? null : znode.acl()));
                })
                .advance(Integer.MAX_VALUE);
        lines.sort(null);
        return lines;
    }
}
