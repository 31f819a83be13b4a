package vivarium.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;

/**
 * The core alone, from an operation that has been decoded to an outcome that has not been encoded.
 * A write is two steps: the request, and the news that the disk has it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoreStep {
    private static final int BATCH = 16;

    private final QuietEffects effects = new QuietEffects();
    private final LonePeer peer = new LonePeer(effects);
    private final Path extra = Path.of("/bench/extra");
    private final Operation create = peer.create(extra);

    /** The reply's data are the tree's own. */
    @Benchmark
    public long getData() {
        peer.ask(new Operation.GetData(peer.path(), false));
        return effects.replies;
    }

    @Benchmark
    public long exists() {
        peer.ask(new Operation.Exists(peer.path(), false));
        return effects.replies;
    }

    @Benchmark
    public long setData() {
        peer.ask(new Operation.SetData(peer.path(), peer.value, -1));
        peer.durable();
        return effects.replies;
    }

    /** Sixteen writes that the disk forces together. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long setDataInBatches() {
        for (int i = 0; i < BATCH; i++) {
            peer.ask(new Operation.SetData(peer.path(), peer.value, -1));
        }
        peer.durable();
        return effects.replies;
    }

    /** One of each, so that the tree stays as it is; the figure is of both together. */
    @Benchmark
    public long createAndDelete() {
        peer.ask(create);
        peer.durable();
        peer.ask(new Operation.Delete(extra, -1));
        peer.durable();
        return effects.replies;
    }

    /** A watch is set by a read and fires by a write; the figure is of both together. */
    @Benchmark
    public long watchAndFire() {
        Path path = peer.path();
        peer.ask(new Operation.GetData(path, true));
        peer.ask(new Operation.SetData(path, peer.value, -1));
        peer.durable();
        return effects.events;
    }
}
