package vivarium.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import vivarium.core.ContainerCheck;
import vivarium.core.Ensemble;
import vivarium.core.Settings;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.tree.AclSchemes;
import vivarium.simulation.client.ClientTraits;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.network.NetworkTraits;
import vivarium.simulation.server.Mistake;
import vivarium.simulation.server.ServerTraits;
import vivarium.storage.LogSettings;

/**
 * Draws what a run is like. Each run leaves some kinds of faults out entirely and has others far
 * more often than any average would: a bug that hides behind one fault shows where that is missing.
 */
public final class Swarm {
    private static final long SECOND = 1_000_000;
    private static final int RECORD_BYTES = 2 << 20;

    private final Options options;
    private final Chance chance;
    private final long firstToRot;

    private Swarm(long seed, Options options) {
        this.options = options;
        this.chance = Chance.of(seed, "swarm", 0);
        this.firstToRot = of("first to rot").between(0, options.servers() - 1);
    }

    /** Every trait has a stream of its own, so that one more leaves the others as they were. */
    private Chance of(String trait) {
        return chance.part(trait, 0);
    }

    /** The plan of the run that this seed stands for. */
    public static Plan draw(long seed, Options options) {
        Swarm swarm = new Swarm(seed, options);
        return new Plan(
                seed,
                options,
                swarm.servers(),
                swarm.network(),
                swarm.clients(),
                swarm.faults(),
                List.of());
    }

    private List<ServerTraits> servers() {
        List<Long> voters = new ArrayList<>();
        List<Long> observers = new ArrayList<>();
        for (long sid = 1; sid <= options.servers() + options.observers(); sid++) {
            (sid <= options.servers() ? voters : observers).add(sid);
        }
        int tickMillis = (int) of("tick").magnitude(100, 2_000);
        int snapCount = (int) of("snap count").magnitude(4, 2_000);
        int maxOutstanding = (int) of("outstanding").magnitude(2, 1_000);
        int containerCheckMillis = (int) of("container check").magnitude(200, 20_000);
        Chance memory = of("recent");
        int recent = memory.happens(0.3) ? memory.between(0, 5) : 500;
        LogSettings log =
                new LogSettings(
                        of("preallocation").pick(List.of(0L, 4_096L, 65_536L)), true, RECORD_BYTES);
        long lastCounter = lastCounter();
        int firstZnodes = (int) of("first znodes").magnitude(1, 1_000);
        double sizeFactor = of("size factor").pick(List.of(-1.0, 0.33, 10.0, 1_000_000.0));
        int portionBytes = (int) of("portion").magnitude(100, 100_000);
        long behindBytes = behindBytes();
        double drift = of("drift").pick(List.of(0.0, 0.001, 0.05));
        long skewMillis = of("skew").pick(List.of(0L, 50L, 100_000L));
        long forceMicros = of("force").magnitude(50, 20_000);
        List<ServerTraits> traits = new ArrayList<>();
        for (long sid = 1; sid <= options.servers() + options.observers(); sid++) {
            Ensemble ensemble = new Ensemble(sid, voters, observers);
            Settings settings =
                    new Settings(
                            ensemble,
                            Timing.ofTick(tickMillis),
                            true,
                            options.mistake() == Mistake.ACLS_ARE_SKIPPED,
                            false,
                            snapCount,
                            maxOutstanding,
                            recent,
                            ContainerCheck.every(containerCheckMillis),
                            true,
                            false,
                            false,
                            lastCounter,
                            firstZnodes,
                            behindBytes,
                            AclSchemes.NONE);
            Chance own = chance.part("server", sid);
            traits.add(
                    new ServerTraits(
                            settings,
                            log,
                            sizeFactor,
                            portionBytes,
                            1 + own.part("force", 0).around(forceMicros),
                            own.part("step", 0).magnitude(5, 500),
                            1 + drift * (own.part("drift", 0).between(-1_000, 1_000) / 1_000.0),
                            own.part("skew", 0).between(-skewMillis, skewMillis)));
        }
        return traits;
    }

    /**
     * In every fourth run an epoch has the zxids for some seconds of all that the clients ask. If
     * it had fewer, it could be over before a learner is brought up, each time.
     */
    private long lastCounter() {
        Chance own = of("last counter");
        long asked = options.clients() * SECOND / thinkMicros();
        return own.happens(0.25) ? (1 + asked) * own.magnitude(1, 20) : Zxid.LAST_COUNTER;
    }

    /**
     * In every third run a learner that is sent its history is given up for some seconds of what
     * the clients ask: with less, it could be given up each time.
     */
    private long behindBytes() {
        Chance own = of("behind");
        long bytes = (1 + options.clients() * SECOND / thinkMicros()) * (200L + padding());
        return own.happens(0.3) ? bytes * own.magnitude(1, 50) / 10 : Settings.BEHIND_BYTES;
    }

    private int padding() {
        return of("padding").pick(List.of(0, 0, 100, 3_000));
    }

    private long thinkMicros() {
        return of("think").magnitude(20_000, 1_000_000);
    }

    private NetworkTraits network() {
        return new NetworkTraits(
                of("least delay").magnitude(20, 5_000),
                of("mean delay").magnitude(10, 20_000),
                of("spikes").pick(List.of(0.0, 0.001, 0.02)),
                of("lost votes").pick(List.of(0.0, 0.05, 0.5)),
                options.mistake() == Mistake.LINKS_LOSE_MESSAGES ? 0.01 : 0,
                options.mistake() == Mistake.LINKS_LOSE_BYTES ? 0.01 : 0);
    }

    private ClientTraits clients() {
        return new ClientTraits(
                thinkMicros(),
                of("depth").between(1, 6),
                (int) of("time-out").magnitude(500, 20_000),
                of("keys").between(1, 6),
                padding(),
                of("least way").magnitude(20, 2_000),
                of("mean way").magnitude(10, 5_000),
                of("steady").happens(0.5) ? 0 : of("breaks").magnitude(SECOND, 60 * SECOND),
                weight("read", 10),
                weight("synced read", 10),
                10,
                weight("delete", 5),
                weight("multi", 6),
                weight("sequence", 4),
                weight("ephemeral", 4),
                weight("watch", 5),
                weight("close", 1),
                weight("secret", 5),
                weight("mortal", 3),
                weight("pipeline", 3));
    }

    /** A third of the runs does without; in the others it may be rare or common. */
    private int weight(String operation, int usual) {
        Chance own = chance.part("weight of " + operation, 0);
        return own.happens(1.0 / 3) ? 0 : (int) own.magnitude(1, 4L * usual);
    }

    // ---- faults

    private List<TimedFault> faults() {
        List<TimedFault> faults = new ArrayList<>();
        for (String name : TimedFault.NAMES) {
            Chance own = chance.part("fault " + name, 0);
            boolean off = own.happens(0.5);
            long everyMicros = own.magnitude(SECOND / 2, 30 * SECOND);
            if (off || !options.faults().contains(name)) {
                continue;
            }
            long at = own.around(everyMicros);
            while (at < options.faultyMicros()) {
                faults.add(new TimedFault(at, fault(name, own)));
                at += 1 + own.around(everyMicros);
            }
        }
        faults.sort(Comparator.comparingLong(TimedFault::micros));
        return faults;
    }

    /** Of all copies a quorum stays whole: bits turn over on the disks of a few servers only. */
    private long mayRot(Chance own) {
        int few = Math.max(1, (options.servers() - 1) / 2);
        return 1 + (firstToRot + own.between(0, few - 1)) % options.servers();
    }

    private Fault fault(String name, Chance own) {
        int all = options.servers() + options.observers();
        long sid = own.between(1, all);
        long other = 1 + (sid - 1 + (all > 1 ? own.between(1, all - 1) : 0)) % all;
        long micros = own.magnitude(1_000, 10 * SECOND);
        return switch (name) {
            case "kill" -> new Fault.Crash(sid, false, micros);
            case "power-cut" -> new Fault.Crash(sid, true, micros);
            case "pause" -> new Fault.Pause(sid, micros);
            case "slow-disk" -> new Fault.SlowDisk(sid, own.magnitude(2, 1_000), micros);
            case "full-disk" -> new Fault.FullDisk(sid, micros);
            case "failed-force" -> new Fault.FailedForce(sid);
            case "block" -> new Fault.Block(sid, other, micros);
            case "isolate" -> new Fault.Isolate(sid, micros);
            case "slow-link" -> new Fault.SlowLink(sid, other, own.magnitude(2, 200));
            case "reset" -> new Fault.Reset(sid, other);
            case "rot" -> new Fault.BitRot(mayRot(own));
            case "clock-jump" -> new Fault.ClockJump(sid, own.between(-3_600_000, 3_600_000));
            case "lose-disk" -> new Fault.LoseDisk(sid, micros);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
