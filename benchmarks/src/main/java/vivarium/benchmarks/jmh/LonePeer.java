package vivarium.benchmarks.jmh;

import java.util.List;
import java.util.SplittableRandom;
import vivarium.core.Bytes;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.Settings;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;

/**
 * A peer that is alone, serves one client, and has a thousand znodes of 100 bytes. Time stands
 * still, so that no session expires.
 */
final class LonePeer {
    static final int ZNODES = 1_000;
    static final long CONNECTION = 1;
    private static final long NOW_MILLIS = 1_000;
    private static final long WALL_OFFSET_MILLIS = 1_700_000_000_000L;
    private static final List<Acl> OPEN = List.of(new Acl(Acl.ALL, "world", "anyone"));

    final Path[] paths = new Path[ZNODES];
    final Bytes value = Bytes.wrap(new byte[100]);
    private final Peer peer;
    private final QuietEffects effects;
    private int next;
    private int xid;

    LonePeer(QuietEffects effects) {
        this.effects = effects;
        Settings settings = QuietSettings.of(Ensemble.alone(1));
        Recovered recovered = new Recovered(Replica.fresh(false), 0, 0, -1, 0);
        peer = new Peer(settings, recovered, new SplittableRandom(1), effects);
        step(new Input.WallClock(WALL_OFFSET_MILLIS));
        Input due = effects.owed.poll();
        while (due != null) {
            step(due);
            due = effects.owed.poll();
        }
        List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
        step(new Input.Connect(CONNECTION, 0, true, 30_000, 0, false, who));
        durable();
        ask(create(Path.of("/bench")));
        for (int i = 0; i < ZNODES; i++) {
            paths[i] = Path.of(String.format("/bench/%06d", i));
            ask(create(paths[i]));
            durable();
        }
        if (effects.replies != ZNODES + 1) {
            throw new IllegalStateException("the peer does not serve");
        }
    }

    void step(Input input) {
        peer.step(NOW_MILLIS, input);
    }

    void ask(Operation operation) {
        step(new Input.Request(CONNECTION, ++xid, operation));
    }

    /** The disk has all that was appended. */
    void durable() {
        step(new Input.Durable(effects.appended));
    }

    /** Another of the znodes, each in its turn. */
    Path path() {
        next = next + 1 == ZNODES ? 0 : next + 1;
        return paths[next];
    }

    Operation create(Path path) {
        return new Operation.Create(Operation.CreateKind.CREATE, path, value, OPEN, 0, -1);
    }
}
