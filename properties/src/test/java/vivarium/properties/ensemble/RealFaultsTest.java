package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.EnsembleOfProcesses;
import vivarium.properties.servers.LinkProxy;
import vivarium.properties.servers.MemberProcess;
import vivarium.properties.servers.Namespaces;
import vivarium.properties.servers.SlowDisk;
import vivarium.properties.servers.SmallDisk;
import vivarium.simulation.history.History;

/**
 * Real processes are killed and frozen, the links between them cut, blocked and slowed, their disks
 * filled and slowed down, under clients whose histories the judge of the simulated world then
 * reads. One minute of it in each build; {@code -Dvivarium.faults.seconds=7200} for as long as one
 * likes, {@code -Dvivarium.faults.seed=N} for the same faults again. Each wait has a deadline of
 * its own, so that the whole needs none.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS)
class RealFaultsTest {
    private static final int SECONDS = Integer.getInteger("vivarium.faults.seconds", 60);
    private static final long SEED = Long.getLong("vivarium.faults.seed", System.nanoTime());
    private static final int CLIENTS = 6;
    private static final int READERS = 2;
    private static final int SERVERS = 3;

    /** A history is judged, and another begun, so often. */
    private static final int CHAPTER_SECONDS = 30;

    @TempDir Path directory = Path.of("");

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final AtomicLong values = new AtomicLong();

    /** One thing goes wrong, and is mended. */
    private interface Fault {
        void befall(MemberProcess victim) throws Exception;
    }

    @Test
    void clientsSeeOneCopyThoughServersDieAndLinksBreak() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, SERVERS, 0).throughProxies()) {
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            chapters(ensemble, SECONDS / 2, victim -> dieOrBreak(ensemble, victim));
        }
    }

    @Test
    void clientsSeeOneCopyThoughDisksAreFullOrSlow() throws Exception {
        assumeTrue(
                SmallDisk.isPossible(directory),
                "Not shown here: full and slow disks, since this user may not mount file systems");
        String obstacle = SlowDisk.obstacle(directory);
        boolean slowable = obstacle.isEmpty();
        if (!slowable) {
            System.err.println("Not shown here: slow disks, since " + obstacle);
        }
        int all = SECONDS / 4;
        for (int done = 0; done < all; done += CHAPTER_SECONDS) {
            // On disks of their own for each chapter, since they would be full at some time.
            Path place = Files.createDirectory(directory.resolve("chapter" + done));
            diskChapter(place, Math.min(CHAPTER_SECONDS, all - done), slowable);
        }
    }

    private void diskChapter(Path place, int seconds, boolean slowable) throws Exception {
        List<SmallDisk> disks = new ArrayList<>();
        SlowDisk slow = slowable ? new SlowDisk(place) : null;
        try {
            // Without room ahead in its log, so that a server that writes notices at once.
            var ensemble = new EnsembleOfProcesses(place, SERVERS, 0).with("preAllocSize", "1");
            // The third one is on a disk that can be slowed down.
            for (long sid = 1; sid < SERVERS; sid++) {
                disks.add(new SmallDisk(ensemble.member(sid).dataDirectory()));
            }
            try (ensemble) {
                ensemble.startAll(Brand.VIVARIUM);
                ensemble.awaitSettled();
                AtomicBoolean isFirst = new AtomicBoolean(true);
                chapters(
                        ensemble,
                        seconds,
                        victim -> {
                            if (isFirst.getAndSet(false)) {
                                fillUntilNoticed(ensemble.member(1), disks.getFirst());
                            } else if (victim.sid() <= disks.size()) {
                                fill(ensemble, victim, disks.get((int) victim.sid() - 1));
                            } else if (slow != null) {
                                slow.slow(victim);
                                pause(500, 3_000);
                                slow.release(victim);
                            }
                        });
            }
        } finally {
            disks.forEach(SmallDisk::close);
            if (slow != null) {
                slow.close();
            }
        }
    }

    /**
     * However little is written, and whatever the faults to come, once it is what stops a write.
     */
    private static void fillUntilNoticed(MemberProcess victim, SmallDisk disk) throws Exception {
        disk.fill();
        Await.until(
                "the full disk is noticed",
                Duration.ofSeconds(20),
                () -> victim.said().contains("the disk is full"));
        disk.empty();
    }

    /** Full for a while; sometimes its server is killed meanwhile, and starts on the full disk. */
    private void fill(EnsembleOfProcesses ensemble, MemberProcess victim, SmallDisk disk)
            throws Exception {
        disk.fill();
        pause(500, 3_000);
        boolean killed = random.nextInt(3) == 0;
        if (killed) {
            victim.kill();
        }
        disk.empty();
        if (killed) {
            ensemble.start(victim.sid(), Brand.VIVARIUM);
        }
    }

    @Test
    void clientsSeeOneCopyThoughServersAreCutOffWithoutAWord() throws Exception {
        assumeTrue(
                Namespaces.isPossible(),
                "Not shown here: pulled cables, since this user may not have network namespaces");
        try (var networks = new Namespaces(SERVERS);
                var ensemble = new EnsembleOfProcesses(directory, SERVERS, 0).in(networks)) {
            boolean delays = networks.canDelay();
            if (!delays) {
                System.err.println("Not shown here: lossy networks, since tc has no netem");
            }
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            chapters(
                    ensemble,
                    SECONDS / 4,
                    victim -> {
                        switch (random.nextInt(delays ? 3 : 2)) {
                            case 0 -> {
                                networks.pull(victim.sid(), true);
                                pause(200, 4_000);
                                networks.pull(victim.sid(), false);
                            }
                            case 1 -> {
                                networks.mute(victim.sid(), true);
                                pause(2_000, 5_000);
                                networks.mute(victim.sid(), false);
                            }
                            default -> {
                                networks.delay(victim.sid(), 30);
                                pause(500, 2_000);
                                networks.delay(victim.sid(), 0);
                            }
                        }
                    });
        }
    }

    private void chapters(EnsembleOfProcesses ensemble, int seconds, Fault fault) throws Exception {
        for (int done = 0; done < seconds; done += CHAPTER_SECONDS) {
            String place = "/from" + done + "-";
            chapter(ensemble, place, Math.min(CHAPTER_SECONDS, seconds - done), fault);
        }
    }

    private void chapter(EnsembleOfProcesses ensemble, String place, int seconds, Fault fault)
            throws Exception {
        History history = new History();
        List<InetSocketAddress> servers =
                ensemble.members().stream().map(MemberProcess::clientAddress).toList();
        List<JudgedClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                // Those that only read stay with a leader that has been left by the others.
                long seed = random.nextInt(1 << 20);
                clients.add(new JudgedClient(servers, history, place, values, seed, i < READERS));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                pause(300, 1_500);
                fault.befall(victim(ensemble));
            }
            for (MemberProcess member : ensemble.members()) {
                assertTrue(
                        member.isRunning(), () -> member.sid() + " has ended:\n" + ensemble.said());
            }
            ensemble.awaitSettled();
            long answered = clients.stream().mapToLong(JudgedClient::answered).sum();
            assertTrue(answered > 10L * seconds, () -> answered + " answers, seed " + SEED);
        } finally {
            for (JudgedClient client : clients) {
                client.close();
            }
        }
        for (JudgedClient client : clients) {
            client.end();
        }
        ensemble.awaitAllEqual();
        assertEquals(null, history.fault((_, _) -> Long.MAX_VALUE), "seed " + SEED);
    }

    private void pause(int least, int most) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(least, most));
    }

    /** Most of what can go wrong goes wrong around the leader. */
    private MemberProcess victim(EnsembleOfProcesses ensemble) {
        MemberProcess victim = ensemble.member(1 + random.nextInt(SERVERS));
        if (random.nextBoolean()) {
            for (MemberProcess member : ensemble.members()) {
                victim = member.mode().equals("leader") ? member : victim;
            }
        }
        return victim;
    }

    private void dieOrBreak(EnsembleOfProcesses ensemble, MemberProcess victim) throws Exception {
        long other = 1 + victim.sid() % SERVERS;
        List<LinkProxy> links = ensemble.between(victim.sid(), other);
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                victim.kill();
                pause(10, 1_000);
                ensemble.start(victim.sid(), Brand.VIVARIUM);
            }
            case 2 -> {
                victim.freeze();
                pause(200, 5_000);
                victim.thaw();
            }
            case 3 -> links.forEach(LinkProxy::cut);
            case 4 -> {
                links.forEach(link -> link.block(true));
                pause(200, 4_000);
                links.forEach(link -> link.block(false));
            }
            default -> {
                links.forEach(link -> link.delay(30));
                pause(500, 2_000);
                links.forEach(link -> link.delay(0));
            }
        }
    }
}
