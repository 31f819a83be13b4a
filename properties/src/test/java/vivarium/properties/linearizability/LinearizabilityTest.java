package vivarium.properties.linearizability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import vivarium.core.txn.ErrorCode;
import vivarium.simulation.history.Act;
import vivarium.simulation.history.Asked;
import vivarium.simulation.history.Result;
import vivarium.simulation.history.SequenceModel;
import vivarium.simulation.history.ZnodeModel;
import vivarium.simulation.linearizability.Operation;
import vivarium.simulation.linearizability.Search;
import vivarium.simulation.linearizability.Verdict;
import vivarium.simulation.linearizability.Verdict.Answer;

class LinearizabilityTest {
    private static final long MOST = 2_000_000;
    private static final Act READ = new Act(Act.Kind.READ, 0, 0, 0);

    private final List<Operation<Asked>> history = new ArrayList<>();

    @Test
    void aReadMaySeeAWriteThatOverlapsItOrNot() {
        created();
        add(10, 20, set(2), Result.set(1));
        add(12, 14, READ, Result.read(1, 0));
        add(15, 17, READ, Result.read(2, 1));
        assertEquals(Answer.LINEARIZABLE, decide().answer());
    }

    @Test
    void oneReadMustNotGoBackBehindAnother() {
        created();
        add(10, 20, set(2), Result.set(1));
        add(12, 14, READ, Result.read(2, 1));
        add(15, 17, READ, Result.read(1, 0));
        assertEquals(Answer.NOT_LINEARIZABLE, decide().answer());
    }

    @Test
    void aReadMustSeeAWriteThatEndedBeforeIt() {
        created();
        add(10, 20, set(2), Result.set(1));
        add(21, 22, READ, Result.read(1, 0));
        Verdict<Asked> verdict = decide();
        assertEquals(Answer.NOT_LINEARIZABLE, verdict.answer());
        assertNotNull(verdict.stuck());
        assertEquals(22, verdict.stuck().returnedAt());
        assertEquals(2, verdict.ordered());
    }

    @Test
    void operationsThatTouchAreTakenToOverlap() {
        created();
        add(10, 20, set(2), Result.set(1));
        add(20, 22, READ, Result.read(1, 0));
        assertEquals(Answer.LINEARIZABLE, decide().answer());
    }

    @Test
    void twoWritesMustNotHaveTheSameVersion() {
        created();
        add(10, 20, set(2), Result.set(1));
        add(10, 20, set(3), Result.set(1));
        assertEquals(Answer.NOT_LINEARIZABLE, decide().answer());
    }

    @Test
    void anAcknowledgedWriteMustNotBeLost() {
        created();
        add(10, 20, set(2), Result.set(1));
        add(30, 40, set(3), Result.set(1));
        assertEquals(Answer.NOT_LINEARIZABLE, decide().answer());
    }

    @Test
    void aWriteOfUnknownEndMayTakeEffectAtAnyLaterTimeOrNever() {
        created();
        add(10, Operation.NEVER, set(2), null);
        add(20, 30, READ, Result.read(1, 0));
        assertEquals(Answer.LINEARIZABLE, decide().answer());
        add(40, 50, READ, Result.read(2, 1));
        assertEquals(Answer.LINEARIZABLE, decide().answer());
        add(60, 70, READ, Result.read(1, 0));
        assertEquals(Answer.NOT_LINEARIZABLE, decide().answer());
    }

    @Test
    void aWriteOfUnknownEndDoesNothingBeforeItWasAsked() {
        created();
        add(10, 20, READ, Result.read(2, 1));
        add(30, Operation.NEVER, set(2), null);
        assertEquals(Answer.NOT_LINEARIZABLE, decide().answer());
    }

    @Test
    void aConditionalWriteMustFailWhereItsVersionIsWrong() {
        created();
        Act conditional = new Act(Act.Kind.SET, 0, 2, 7);
        add(10, 20, conditional, Result.refused(0, ErrorCode.BAD_VERSION));
        assertEquals(Answer.LINEARIZABLE, decide().answer());
        add(30, 40, conditional, Result.set(1));
        assertEquals(Answer.NOT_LINEARIZABLE, decide().answer());
    }

    @Test
    void aMultiIsDoneAsAWholeOrNotAtAll() {
        Act one = new Act(Act.Kind.CREATE, 0, 1, 0);
        Act other = new Act(Act.Kind.CREATE, 1, 2, 0);
        addMulti(0, 10, List.of(one, other), Result.DONE);
        addMulti(20, 30, List.of(set(3), other), Result.refused(1, ErrorCode.NODE_EXISTS));
        add(40, 50, READ, Result.read(1, 0));
        assertEquals(Answer.LINEARIZABLE, decide().answer());
        add(60, 70, READ, Result.read(3, 1));
        assertEquals(Answer.NOT_LINEARIZABLE, decide().answer());
    }

    @Test
    void sequenceNumbersGrowInRealTime() {
        List<Operation<SequenceModel.Drawn>> drawn = new ArrayList<>();
        drawn.add(new Operation<>(0, 10, new SequenceModel.Drawn(0L)));
        drawn.add(new Operation<>(5, 20, new SequenceModel.Drawn(4L)));
        drawn.add(new Operation<>(5, Operation.NEVER, new SequenceModel.Drawn(null)));
        drawn.add(new Operation<>(6, 20, new SequenceModel.Drawn(2L)));
        assertEquals(Answer.LINEARIZABLE, Search.decide(new SequenceModel(), drawn, MOST).answer());
        drawn.add(new Operation<>(30, 40, new SequenceModel.Drawn(3L)));
        assertEquals(
                Answer.NOT_LINEARIZABLE, Search.decide(new SequenceModel(), drawn, MOST).answer());
    }

    @Test
    void aSearchThatGrowsTooLargeIsGivenUpAndSaysSo() {
        List<Operation<Asked>> drawn = Histories.drawn(1, 1_000, 20, 0);
        assertEquals(Answer.UNDECIDED, Search.decide(new ZnodeModel(1), drawn, 500).answer());
    }

    @Test
    void historiesThatAreGoodByConstructionAreFoundGood() {
        for (int seed = 0; seed < 300; seed++) {
            int clients = 1 + seed % 12;
            List<Operation<Asked>> drawn = Histories.drawn(seed, 120, clients, seed % 5 * 3);
            assertEquals(Answer.LINEARIZABLE, decide(drawn).answer(), "seed " + seed);
        }
    }

    /** Sets of unique values and reads only, so that a read of a value from the past is a sin. */
    @Test
    void historiesWithOneStaleReadAreFoundBad() {
        int bad = 0;
        for (int seed = 0; seed < 300; seed++) {
            List<Operation<Asked>> drawn = Histories.drawn(seed, 120, 1 + seed % 5, seed % 3);
            if (makeOneReadStale(drawn, new SplittableRandom(seed))) {
                assertEquals(Answer.NOT_LINEARIZABLE, decide(drawn).answer(), "seed " + seed);
                bad++;
            }
        }
        assertEquals(300, bad);
    }

    /** A read late in the history is made to tell what one early in the history has told. */
    private static boolean makeOneReadStale(List<Operation<Asked>> drawn, SplittableRandom random) {
        int early = nextRead(drawn, random.nextInt(20));
        int late = nextRead(drawn, drawn.size() / 2 + random.nextInt(20));
        if (early < 0 || late < 0) {
            return false;
        }
        Operation<Asked> read = drawn.get(late);
        Asked told = new Asked(read.what().acts(), drawn.get(early).what().result());
        drawn.set(late, new Operation<>(read.calledAt(), read.returnedAt(), told));
        return true;
    }

    private static int nextRead(List<Operation<Asked>> drawn, int from) {
        for (int i = from; i < drawn.size(); i++) {
            Result result = drawn.get(i).what().result();
            boolean reads = drawn.get(i).what().acts().getFirst().kind() == Act.Kind.READ;
            if (reads && result != null && result.isDone()) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void tenThousandOperationsOfFiftyClientsOnOneZnodeAreDecidedInSeconds() {
        for (int lostPercent : List.of(0, 1)) {
            List<Operation<Asked>> drawn = Histories.hinted(7, 10_000, 50, lostPercent);
            Verdict<Asked> verdict = assertTimeout(Duration.ofSeconds(20), () -> decide(drawn));
            assertEquals(Answer.LINEARIZABLE, verdict.answer());
        }
    }

    /** Ten znodes, each with its own part of the clients: a history for each. */
    @Test
    void tenThousandOperationsWithoutHintsAreDecidedInSeconds() {
        for (int znode = 0; znode < 10; znode++) {
            List<Operation<Asked>> drawn = Histories.drawn(znode, 1_000, 5, 0);
            assertEquals(Answer.LINEARIZABLE, decide(drawn).answer());
        }
    }

    @Test
    void aWrongHintChangesNothing() {
        List<Operation<Asked>> drawn = new ArrayList<>();
        for (Operation<Asked> good : Histories.drawn(3, 150, 3, 1)) {
            drawn.add(
                    new Operation<>(
                            good.calledAt(), good.returnedAt(), -good.calledAt(), good.what()));
        }
        assertEquals(Answer.LINEARIZABLE, decide(drawn).answer());
        assertEquals(true, makeOneReadStale(drawn, new SplittableRandom(3)));
        assertEquals(Answer.NOT_LINEARIZABLE, decide(drawn).answer());
    }

    private void created() {
        add(0, 5, new Act(Act.Kind.CREATE, 0, 1, 0), Result.DONE);
    }

    private static Act set(long value) {
        return new Act(Act.Kind.SET, 0, value, -1);
    }

    private void add(long from, long to, Act act, @Nullable Result result) {
        addMulti(from, to, List.of(act), result);
    }

    private void addMulti(long from, long to, List<Act> acts, @Nullable Result result) {
        history.add(new Operation<>(from, to, new Asked(acts, result)));
    }

    private Verdict<Asked> decide() {
        return decide(history);
    }

    private static Verdict<Asked> decide(List<Operation<Asked>> history) {
        return Search.decide(new ZnodeModel(2), history, MOST);
    }
}
