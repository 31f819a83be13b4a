package vivarium.properties.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import vivarium.core.Settings;
import vivarium.simulation.Fault;
import vivarium.simulation.Options;
import vivarium.simulation.Plan;
import vivarium.simulation.Swarm;
import vivarium.simulation.TimedFault;
import vivarium.simulation.server.Mistake;

/**
 * Faults laid so that a run comes to what is rare otherwise. All else is drawn from the seed, as
 * ever; a seed that does not suit is passed over. So a scenario says all there is to say of a run.
 */
enum Steering {
    /** A voter dies again and again before it has its epoch on disk: it has to be confirmed. */
    CONFIRMATIONS {
        @Override
        boolean suits(Plan plan) {
            return plan.servers().getFirst().forceMicros() >= 500
                    && plan.clients().thinkMicros() >= 300_000;
        }

        @Override
        void lay(Faults faults, SplittableRandom random) {
            faults.add(0, new Fault.SlowDisk(1, 1 + 600_000 / faults.forceMicros(), ACT_MICROS));
            long at = 700_000 + random.nextLong(600_000);
            for (int i = 0; i < 8; i++) {
                faults.add(at, new Fault.Crash(1, random.nextBoolean(), 20_000));
                at += 300_000 + random.nextLong(300_000);
            }
        }
    },

    /** Those who come back have missed more than anybody keeps in memory. */
    READS_OF_THE_LOG {
        @Override
        boolean suits(Plan plan) {
            return plan.servers().getFirst().settings().recentProposals() <= 2
                    && plan.servers().getFirst().snapshotSizeFactor() > 1
                    && plan.clients().thinkMicros() >= 200_000;
        }

        @Override
        void lay(Faults faults, SplittableRandom random) {
            long at = 1_000_000;
            for (int i = 0; i < 8; i++) {
                long down = 400_000 + random.nextLong(500_000);
                boolean powerCut = random.nextBoolean();
                faults.add(at, new Fault.Crash(1 + random.nextInt(2), powerCut, down));
                at += down + 300_000 + random.nextLong(200_000);
            }
        }
    },

    /** Links break, and learners are silent for longer than a leader waits. */
    LOSSES {
        @Override
        boolean suits(Plan plan) {
            return plan.servers().getFirst().settings().timing().tickMillis() <= 150
                    && plan.clients().thinkMicros() >= 300_000;
        }

        @Override
        void lay(Faults faults, SplittableRandom random) {
            long at = 800_000;
            for (int i = 0; i < 12; i++) {
                long sid = 1 + random.nextLong(3);
                if (random.nextInt(3) == 0) {
                    faults.add(at, new Fault.Reset(sid, 1 + sid % 3));
                } else {
                    faults.add(at, new Fault.Pause(sid, 800_000 + random.nextLong(800_000)));
                }
                at += 150_000 + random.nextLong(400_000);
            }
        }
    },

    /** A leader logs what nobody hears of, and dies; when it comes back, another one leads. */
    CUTS {
        @Override
        boolean suits(Plan plan) {
            return plan.servers().getFirst().settings().recentProposals() > 5
                    && plan.network().meanMicros() <= 5_000
                    && plan.clients().thinkMicros() >= 200_000
                    && plan.clients().thinkMicros() <= 600_000
                    && plan.clients().depth() <= 3
                    && plan.clients().readWeight() + plan.clients().syncedReadWeight() <= 10;
        }

        @Override
        void lay(Faults faults, SplittableRandom random) {
            long at = 1_100_000 + random.nextLong(300_000);
            long leader = 3;
            for (int i = 0; i < 3; i++) {
                long alone = 300_000 + random.nextLong(200_000);
                for (long other = 1; other <= 3; other++) {
                    if (other != leader) {
                        faults.add(at, new Fault.Block(leader, other, alone + 100_000));
                    }
                }
                long down = 900_000 + random.nextLong(600_000);
                faults.add(at + alone, new Fault.Crash(leader, true, down));
                at += alone + down + 700_000;
                leader = leader == 3 ? 2 : 3;
            }
        }
    };

    private static final long ACT_MICROS = 6_000_000;
    private static final long MOST_TICK_MILLIS = 300;
    private static final long LEAST_THINK_MICROS = 100_000;

    /** The lines of traces that it is for. */
    List<String> lines() {
        return switch (this) {
            case CONFIRMATIONS -> List.of("Confirm", "OnSnap", "SnapshotBegins");
            case READS_OF_THE_LOG -> List.of("LogRead");
            case LOSSES -> List.of("Refuse", "Break");
            case CUTS -> List.of("OnTrunc", "Reloaded");
        };
    }

    /** What is to go wrong, and when. */
    static final class Faults {
        private final List<TimedFault> all = new ArrayList<>();
        private final long forceMicros;

        Faults(long forceMicros) {
            this.forceMicros = forceMicros;
        }

        long forceMicros() {
            return forceMicros;
        }

        void add(long micros, Fault fault) {
            all.add(new TimedFault(micros, fault));
        }
    }

    abstract boolean suits(Plan plan);

    abstract void lay(Faults faults, SplittableRandom random);

    /** Null where the seed does not suit. */
    @Nullable Plan plan(long seed) {
        Options options = new Options(3, (int) (seed % 2), 2, ACT_MICROS, List.of(), Mistake.NONE);
        Plan drawn = Swarm.draw(seed, options);
        Settings settings = drawn.servers().getFirst().settings();
        boolean quick =
                settings.timing().tickMillis() <= MOST_TICK_MILLIS
                        && drawn.network().spikes() < 0.01
                        && drawn.clients().thinkMicros() >= LEAST_THINK_MICROS;
        if (!quick || !suits(drawn)) {
            return null;
        }
        Faults faults = new Faults(drawn.servers().getFirst().forceMicros());
        lay(faults, new SplittableRandom(seed));
        faults.all.sort(Comparator.comparingLong(TimedFault::micros));
        return drawn.with(faults.all);
    }
}
