package vivarium.benchmarks.compare;

import vivarium.benchmarks.compare.Results.StartSample;
import vivarium.benchmarks.compare.Results.TreeSample;

/** What is reckoned from the samples of large trees, for tables and charts alike. */
final class TreeRows {

    /** What each znode adds to the live heap. */
    static double heapPerZnode(TreeSample sample) {
        return (double) (sample.fullHeapBytes() - sample.emptyHeapBytes()) / sample.znodes();
    }

    /** The starts with all the znodes. */
    static Results.Pair<StartSample> restarts(Results.Pair<TreeSample> tree) {
        return new Results.Pair<>(
                tree.apache().getFirst().restarts(), tree.vivarium().getFirst().restarts());
    }

    private TreeRows() {}
}
