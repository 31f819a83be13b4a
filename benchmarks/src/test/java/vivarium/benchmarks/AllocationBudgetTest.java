package vivarium.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import vivarium.benchmarks.jmh.AllocationBudgets;
import vivarium.benchmarks.jmh.BytesToBytes;
import vivarium.benchmarks.jmh.CoreStep;
import vivarium.benchmarks.jmh.Frames;
import vivarium.benchmarks.jmh.LogRecords;
import vivarium.benchmarks.jmh.ThreePeers;

/**
 * The hot path allocates no more than was recorded. Measured before the compiler has had much to
 * say: until then each object that the code asks for is made, and bytes are the same on every
 * machine. The compiler only does away with some. A call of batches is an operation's share.
 */
class AllocationBudgetTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5;
    private static final int CALLS = 50;
    private static final int BATCH = 16;

    private static byte[] planted = new byte[0];

    /** What is called, and how many operations a call is. */
    private record Tried(Callable<?> call, int operations) {}

    private static Map<String, Tried> all() {
        BytesToBytes bytes = new BytesToBytes();
        CoreStep core = new CoreStep();
        Frames frames = new Frames();
        LogRecords records = new LogRecords();
        ThreePeers three = new ThreePeers();
        Map<String, Tried> all = new TreeMap<>();
        all.put("BytesToBytes.getData", new Tried(bytes::getData, BATCH));
        all.put("BytesToBytes.setData", new Tried(bytes::setData, BATCH));
        all.put("CoreStep.getData", new Tried(core::getData, 1));
        all.put("CoreStep.setData", new Tried(core::setData, 1));
        all.put("CoreStep.createAndDelete", new Tried(core::createAndDelete, 1));
        all.put("CoreStep.watchAndFire", new Tried(core::watchAndFire, 1));
        all.put("Frames.decodeSetData", new Tried(frames::decodeSetData, 1));
        all.put("Frames.encodeData", new Tried(frames::encodeData, 1));
        all.put("Frames.encodeNotification", new Tried(frames::encodeNotification, 1));
        all.put("LogRecords.appendInBatches", new Tried(records::appendInBatches, BATCH));
        all.put("ThreePeers.setData", new Tried(three::setData, 1));
        all.put("ThreePeers.setDataInBatches", new Tried(three::setDataInBatches, BATCH));
        all.put("ThreePeers.multiOfTen", new Tried(three::multiOfTen, 1));
        return all;
    }

    /** The median of some rounds, after one that loads classes. */
    private static double bytes(Tried tried) throws Exception {
        double[] rounds = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                tried.call().call();
            }
            double bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (round >= 0) {
                rounds[round] = bytes / CALLS / tried.operations();
            }
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    @Test
    void theHotPathAllocatesNoMoreThanItsBudget() throws Exception {
        Map<String, Integer> budgets = AllocationBudgets.read();
        Map<String, Tried> all = all();
        assertTrue(budgets.keySet().containsAll(all.keySet()), "a budget for each");
        List<String> missed = new ArrayList<>();
        for (Map.Entry<String, Tried> one : all.entrySet()) {
            int budget = budgets.getOrDefault(one.getKey(), 0);
            double bytes = bytes(one.getValue());
            if (bytes > budget) {
                missed.add(one.getKey() + ": " + bytes + " bytes, budget " + budget);
            }
        }
        assertTrue(missed.isEmpty(), missed.toString());
    }

    @Test
    void aPlantedAllocationIsNoticed() throws Exception {
        CoreStep core = new CoreStep();
        int budget = AllocationBudgets.read().getOrDefault("CoreStep.setData", 0);
        Callable<Object> wasteful =
                () -> {
                    planted = new byte[budget / 2];
                    return core.setData();
                };
        assertTrue(bytes(new Tried(wasteful, 1)) > budget);
        assertTrue(planted.length > 0);
    }
}
