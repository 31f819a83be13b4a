package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import vivarium.core.Ensemble;
import vivarium.core.election.Election;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;

/**
 * Elections among servers that begin when they like, whose notifications come in any order, and
 * supersede each other on their way: when nothing is on its way any more, all want the same leader,
 * and nobody has a better history.
 */
class ElectionTest {

    /** What a server brings along, and in which round it begins. */
    record Candidate(long epoch, long counter, long round) {}

    /**
     * One election.
     *
     * @param choices what happens next, among all that could
     */
    record Scenario(List<Candidate> candidates, int observers, List<Integer> choices) {}

    @Provide
    Arbitrary<Scenario> scenarios() {
        Arbitrary<Candidate> candidates =
                Combinators.combine(
                                Arbitraries.longs().between(0, 3),
                                Arbitraries.longs().between(0, 3),
                                Arbitraries.longs().between(1, 3))
                        .as(Candidate::new);
        return Combinators.combine(
                        candidates.list().ofMinSize(2).ofMaxSize(5),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 1_000).list().ofMaxSize(60))
                .as(Scenario::new);
    }

    /** Servers, and what is on its way between them: of two notifications only the newer. */
    private static final class Run {
        private final List<Long> voters;
        private final List<Long> observers;
        private final Scenario scenario;
        private final TreeMap<Long, Election> elections = new TreeMap<>();
        private final TreeMap<Long, TreeMap<Long, Notification>> onTheWay = new TreeMap<>();

        Run(Scenario scenario) {
            int voting = scenario.candidates().size() - scenario.observers();
            this.scenario = scenario;
            this.voters = LongStream.rangeClosed(1, voting).boxed().toList();
            this.observers =
                    LongStream.rangeClosed(voting + 1L, scenario.candidates().size())
                            .boxed()
                            .toList();
        }

        private Vote ownOf(long sid) {
            Candidate candidate = scenario.candidates().get((int) sid - 1);
            // Histories of one epoch may be empty: the epoch of the last zxid can be any before.
            return new Vote(sid, candidate.counter(), candidate.epoch());
        }

        private void begin(long sid) {
            Candidate candidate = scenario.candidates().get((int) sid - 1);
            Vote own =
                    voters.contains(sid)
                            ? ownOf(sid)
                            : new Vote(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);
            Ensemble ensemble = new Ensemble(sid, voters, observers);
            elections.put(sid, new Election(ensemble, candidate.round(), own));
            tellAll(sid);
        }

        private void tellAll(long from) {
            for (long to : voters) {
                tell(from, to);
            }
        }

        /** A server that has not begun hears nothing. */
        private void tell(long from, long to) {
            Election telling = elections.get(from);
            if (telling != null && to != from && elections.containsKey(to)) {
                onTheWay.computeIfAbsent(from, _ -> new TreeMap<>())
                        .put(to, telling.notification());
            }
        }

        private void deliver(long from, long to) {
            TreeMap<Long, Notification> sent = onTheWay.getOrDefault(from, new TreeMap<>());
            Notification heard = sent.remove(to);
            Election hearing = elections.get(to);
            if (heard == null || hearing == null) {
                throw new AssertionError("nothing is on its way");
            }
            switch (hearing.onLooking(from, heard)) {
                case NONE -> {}
                case TELL_SENDER -> tell(to, from);
                case TELL_ALL -> tellAll(to);
            }
        }

        /** All that could happen next: a server begins, or hears. */
        private List<Runnable> possible() {
            List<Runnable> possible = new ArrayList<>();
            for (long sid = 1; sid <= scenario.candidates().size(); sid++) {
                if (!elections.containsKey(sid)) {
                    long next = sid;
                    possible.add(() -> begin(next));
                }
            }
            for (Map.Entry<Long, TreeMap<Long, Notification>> sent : onTheWay.entrySet()) {
                for (long to : sent.getValue().keySet()) {
                    possible.add(() -> deliver(sent.getKey(), to));
                }
            }
            return possible;
        }

        void run() {
            int steps = 0;
            for (List<Runnable> next = possible(); !next.isEmpty(); next = possible()) {
                int choice = steps < scenario.choices().size() ? scenario.choices().get(steps) : 0;
                next.get(choice % next.size()).run();
                steps++;
                assertTrue(steps < 10_000, "it goes on for ever");
            }
        }

        List<Election> ofVoters() {
            List<Election> voting = new ArrayList<>();
            elections.forEach((sid, election) -> {
                if (voters.contains(sid)) {
                    voting.add(election);
                }
            });
            return voting;
        }

        /**
         * Nobody is in a later epoch, nobody in the same has more, nobody with as much a higher id.
         */
        private boolean isBest(long sid) {
            Vote mine = ownOf(sid);
            for (long other : voters) {
                Vote vote = ownOf(other);
                boolean newer = vote.peerEpoch() > mine.peerEpoch();
                boolean same = vote.peerEpoch() == mine.peerEpoch();
                boolean longer = same && vote.zxid() > mine.zxid();
                boolean tied = same && vote.zxid() == mine.zxid();
                if (newer || longer || (tied && other > sid)) {
                    return false;
                }
            }
            return true;
        }
    }

    @Property(tries = 1000)
    void allElectTheBestOfThem(@ForAll("scenarios") Scenario scenario) {
        Run run = new Run(scenario);
        run.run();
        for (Election election : run.ofVoters()) {
            assertTrue(
                    run.isBest(election.proposed().leader()), () -> "wants " + election.proposed());
        }
        // Who has not heard of a quorum hears of it when votes are told again, as they are by time.
        List.copyOf(run.elections.keySet()).forEach(run::tellAll);
        run.run();
        for (Election election : run.ofVoters()) {
            assertEquals(election.proposed(), election.likely());
        }
        long rounds = run.elections.values().stream().map(Election::round).distinct().count();
        assertEquals(1, run.observers.isEmpty() ? rounds : 1);
    }
}
