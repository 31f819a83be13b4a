package vivarium.properties.storage;

import static vivarium.properties.storage.StorageStep.PLACES;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import vivarium.core.txn.Proposal;
import vivarium.properties.storage.MemoryDisk.Leaves;
import vivarium.properties.storage.StorageStep.Append;
import vivarium.properties.storage.StorageStep.FailToForce;
import vivarium.properties.storage.StorageStep.Flip;
import vivarium.properties.storage.StorageStep.Force;
import vivarium.properties.storage.StorageStep.Kill;
import vivarium.properties.storage.StorageStep.NextEpoch;
import vivarium.properties.storage.StorageStep.PowerCut;
import vivarium.properties.storage.StorageStep.Purge;
import vivarium.properties.storage.StorageStep.ReadBack;
import vivarium.properties.storage.StorageStep.Replace;
import vivarium.properties.storage.StorageStep.Roll;
import vivarium.properties.storage.StorageStep.Snapshot;
import vivarium.properties.storage.StorageStep.Truncate;

/**
 * Whatever a server does with its disk, and whatever happens to it: what it recovers is what a list
 * of proposals says, or it refuses and names the file. What fails is shrunk by leaving out steps.
 */
class StorageModelTest {

    @Provide
    Arbitrary<List<StorageStep>> steps() {
        Arbitrary<StorageStep> any =
                Arbitraries.frequencyOf(
                        Tuple.of(12, done()),
                        Tuple.of(3, powerCut()),
                        Tuple.of(1, Arbitraries.just(new Kill())),
                        Tuple.of(2, flip()),
                        Tuple.of(2, readBack()));
        return any.list().ofMinSize(1).ofMaxSize(30);
    }

    /** What the server does by itself. */
    private static Arbitrary<StorageStep> done() {
        Arbitrary<Integer> few = Arbitraries.integers().between(0, 6);
        Arbitrary<StorageStep> append =
                Combinators.combine(
                                Arbitraries.integers().between(1, 5),
                                Arbitraries.integers().between(0, 99))
                        .as(Append::new);
        Arbitrary<StorageStep> replace = Combinators.combine(few, few).as(Replace::new);
        return Arbitraries.frequencyOf(
                Tuple.of(8, append),
                Tuple.of(5, Arbitraries.just(new Force())),
                Tuple.of(1, Arbitraries.of(new FailToForce(true), new FailToForce(false))),
                Tuple.of(3, Arbitraries.just(new Roll())),
                Tuple.of(4, Arbitraries.just(new Snapshot())),
                Tuple.of(2, Arbitraries.just(new NextEpoch())),
                Tuple.of(2, few.map(Truncate::new)),
                Tuple.of(2, replace),
                Tuple.of(1, Arbitraries.just(new Purge())));
    }

    private static Arbitrary<StorageStep> powerCut() {
        return Combinators.combine(
                        done(),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.of(Leaves.class),
                        Arbitraries.integers().between(0, 1_000))
                .as(PowerCut::new);
    }

    private static Arbitrary<StorageStep> flip() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.integers().between(0, PLACES - 1),
                        Arbitraries.integers().between(0, 7))
                .as(Flip::new);
    }

    private static Arbitrary<StorageStep> readBack() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(-2, 2),
                        Arbitraries.of(1, 300, 1 << 20))
                .as(ReadBack::new);
    }

    @Property(tries = 400)
    void whatIsRecoveredIsWhatWasWrittenDownOrARefusal(
            @ForAll("steps") List<StorageStep> steps, @ForAll boolean sameDirectory)
            throws IOException {
        Storage storage = new Storage(sameDirectory);
        for (StorageStep step : steps) {
            run(storage, step);
        }
        storage.kill();
        run(storage, new PowerCut(new Force(), 0, Leaves.NOTHING, 0));
    }

    private static void run(Storage storage, StorageStep step) throws IOException {
        switch (step) {
            case Append append -> storage.append(append.count(), append.flavour());
            case Force _ -> storage.force();
            case FailToForce fails -> storage.failToForce(fails.isFull());
            case Roll _ -> storage.roll();
            case Snapshot _ -> storage.snapshot();
            case NextEpoch _ -> storage.nextEpoch();
            case Truncate cut -> storage.truncate(cut.back());
            case Replace replace -> storage.replace(storage.sent(replace.back(), replace.more()));
            case Purge _ -> storage.purge();
            case Kill _ -> storage.kill();
            case PowerCut cut -> cutPower(storage, cut);
            case Flip flip -> storage.flip(flip);
            case ReadBack read -> storage.readBack(read);
        }
    }

    private static void cutPower(Storage storage, PowerCut cut) throws IOException {
        int least = storage.leastWhile(cut.during());
        List<Proposal> sent =
                cut.during() instanceof Replace replace
                        ? storage.sent(replace.back(), replace.more())
                        : List.of();
        storage.cutPowerAfter(cut.changes());
        try {
            if (cut.during() instanceof Replace) {
                storage.replace(sent);
            } else {
                run(storage, cut.during());
            }
            storage.losePower(cut.leaves(), cut.seed(), Integer.MAX_VALUE, List.of());
        } catch (MemoryDisk.PowerCut e) {
            storage.losePower(cut.leaves(), cut.seed(), least, sent);
        }
    }
}
