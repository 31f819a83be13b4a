package vivarium.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Some seeds, kept as ranges: a campaign of millions of seeds has a handful of these. */
final class SeedSet {
    /** From the first of a range to its last; no two of them touch. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Seeds from {@code first} to {@code last}, both included. */
    record Range(long first, long last) {
        @Override
        public String toString() {
            return first == last ? "" + first : first + ".." + last;
        }
    }

    void add(long seed) {
        add(seed, seed);
    }

    /** Adds a range, which may touch or overlap what is there. */
    void add(long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        Map.Entry<Long, Long> within = ranges.ceilingEntry(from);
        while (within != null && within.getKey() <= to + 1) {
            to = Math.max(to, within.getValue());
            ranges.remove(within.getKey());
            within = ranges.ceilingEntry(from);
        }
        ranges.put(from, to);
    }

    void addAll(SeedSet other) {
        other.ranges.forEach(this::add);
    }

    boolean contains(long seed) {
        Map.Entry<Long, Long> range = ranges.floorEntry(seed);
        return range != null && range.getValue() >= seed;
    }

    long count() {
        long count = 0;
        for (Range range : ranges()) {
            count += range.last() - range.first() + 1;
        }
        return count;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    List<Range> ranges() {
        List<Range> all = new ArrayList<>();
        ranges.forEach((first, last) -> all.add(new Range(first, last)));
        return all;
    }

    /** What is not in it from {@code first} to {@code last}. */
    SeedSet gaps(long first, long last) {
        SeedSet gaps = new SeedSet();
        long from = first;
        for (Range range : ranges()) {
            if (range.first() > last) {
                break;
            }
            if (range.first() > from) {
                gaps.add(from, range.first() - 1);
            }
            from = Math.max(from, range.last() + 1);
        }
        if (from <= last) {
            gaps.add(from, last);
        }
        return gaps;
    }

    /** What is in both. */
    SeedSet common(SeedSet other) {
        SeedSet common = new SeedSet();
        for (Range mine : ranges()) {
            for (Range theirs : other.ranges()) {
                long first = Math.max(mine.first(), theirs.first());
                long last = Math.min(mine.last(), theirs.last());
                if (first <= last) {
                    common.add(first, last);
                }
            }
        }
        return common;
    }

    /** For people, such as {@code 1..57, 60}. */
    @Override
    public String toString() {
        return isEmpty()
                ? "none"
                : String.join(", ", ranges().stream().map(Range::toString).toList());
    }
}
