package vivarium.simulation.server;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.simulation.disk.SimDisk;
import vivarium.storage.SnapshotWriter;
import vivarium.storage.Snapshots;

/** Does what the snapshots' thread of a real server does, piece by piece, with the same storage. */
final class SnapshotWorker {
    /** How long it takes to hand the system some znodes. */
    static final double WRITE_MICROS = 20;

    private static final int KEPT = 3;

    private final SimServer server;
    private final SimDisk disk;
    private final Snapshots snapshots;
    private final ArrayDeque<Piece> waiting = new ArrayDeque<>();
    private List<Znode> chunk = new ArrayList<>();
    private boolean busy;
    private @Nullable SnapshotWriter writer;
    private @Nullable SnapshotHead head;

    private record Znode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {}

    private sealed interface Piece {
        record Begin(SnapshotHead head) implements Piece {}

        record Znodes(List<Znode> znodes) implements Piece {}

        record End(SnapshotTail tail) implements Piece {}
    }

    SnapshotWorker(SimServer server, SimDisk disk) {
        this.server = server;
        this.disk = disk;
        this.snapshots = new Snapshots(disk);
    }

    void begin(SnapshotHead newHead) {
        chunk = new ArrayList<>();
        add(new Piece.Begin(newHead));
    }

    void znode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {
        chunk.add(new Znode(path, data, aclId, stat));
    }

    void end(SnapshotTail tail) {
        endTurn();
        add(new Piece.End(tail));
    }

    /** Hands over what the turn has brought. */
    void endTurn() {
        if (!chunk.isEmpty()) {
            add(new Piece.Znodes(chunk));
            chunk = new ArrayList<>();
        }
    }

    private void add(Piece piece) {
        waiting.add(piece);
        if (!busy) {
            plan();
        }
    }

    /** Only the beginning and the end of a snapshot are forced, what is between them is not. */
    private void plan() {
        Piece first = waiting.peek();
        busy = first != null;
        if (first != null) {
            server.afterDisk(!(first instanceof Piece.Znodes), this::next);
        }
    }

    private void next() {
        Piece piece = waiting.remove();
        try {
            perform(piece);
        } catch (IOException e) {
            fail();
        }
        plan();
    }

    private void perform(Piece piece) throws IOException {
        SnapshotWriter open = writer;
        switch (piece) {
            case Piece.Begin begin -> {
                if (open != null) {
                    open.abandon();
                }
                writer = null;
                head = begin.head();
                writer = snapshots.begin(begin.head());
            }
            case Piece.Znodes znodes -> {
                if (open != null) {
                    for (Znode znode : znodes.znodes()) {
                        open.znode(znode.path(), znode.data(), znode.aclId(), znode.stat());
                    }
                    server.offer(new Input.SnapshotRoom(znodes.znodes().size()));
                }
            }
            case Piece.End end -> {
                if (open != null) {
                    open.end(end.tail());
                    writer = null;
                    saved(end.tail().zxid());
                }
            }
        }
    }

    private void saved(long zxid) throws IOException {
        SnapshotHead whole = head;
        if (whole != null && whole.replaces()) {
            server.marks().see("snapshot of a leader installed");
            server.replaced(zxid, () -> server.offer(new Input.SnapshotSaved(zxid)));
        } else {
            server.marks().see("snapshot taken");
            server.offer(new Input.SnapshotSaved(zxid));
            snapshots.purge(disk, KEPT);
        }
    }

    private void fail() {
        SnapshotWriter open = writer;
        writer = null;
        try {
            if (open != null) {
                open.abandon();
            }
        } catch (IOException e) {
            waiting.clear();
            server.failed(e);
            return;
        }
        SnapshotHead failed = head;
        head = null;
        if (failed != null) {
            server.marks().see("snapshot failed");
            server.offer(new Input.SnapshotFailed(failed.zxid()));
        }
    }

    /** The server dies: the piece that is under way is done, or a part of it. */
    void die() throws IOException {
        Piece piece = waiting.peek();
        SnapshotWriter open = writer;
        if (piece instanceof Piece.End end && open != null) {
            open.end(end.tail());
        }
    }
}
