package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.EnsembleOfProcesses;
import vivarium.properties.servers.LinkProxy;
import vivarium.properties.servers.MemberProcess;
import vivarium.simulation.history.History;

/**
 * Real processes are killed and frozen, and the links between them cut, blocked and slowed, under
 * clients whose histories the judge of the simulated world then reads. Half a minute in each build;
 * {@code -Dvivarium.faults.seconds=7200} for as long as one likes, {@code -Dvivarium.faults.seed=N}
 * for the same faults again.
 */
class RealFaultsTest {
    private static final int SECONDS = Integer.getInteger("vivarium.faults.seconds", 30);
    private static final long SEED = Long.getLong("vivarium.faults.seed", System.nanoTime());
    private static final int CLIENTS = 5;

    /** A history is judged, and another begun, so often. */
    private static final int CHAPTER_SECONDS = 30;

    @TempDir Path directory = Path.of("");

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void clientsSeeOneCopyWhateverHappensToTheServers() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, 3, 0).throughProxies()) {
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            AtomicLong values = new AtomicLong();
            for (int done = 0; done < SECONDS; done += CHAPTER_SECONDS) {
                chapter(ensemble, values, Math.min(CHAPTER_SECONDS, SECONDS - done));
            }
        }
    }

    private void chapter(EnsembleOfProcesses ensemble, AtomicLong values, int seconds)
            throws Exception {
        History history = new History();
        List<Integer> ports = ensemble.members().stream().map(MemberProcess::clientPort).toList();
        List<JudgedClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new JudgedClient(ports, history, values, random.nextInt(1 << 20)));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                pause(300, 1_500);
                fault(ensemble);
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
        ensemble.assertAllEqual();
        assertEquals(null, history.fault((_, _) -> Long.MAX_VALUE), "seed " + SEED);
    }

    private void pause(int least, int most) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(least, most));
    }

    private void fault(EnsembleOfProcesses ensemble) throws Exception {
        MemberProcess victim = ensemble.member(1 + random.nextInt(3));
        if (random.nextBoolean()) {
            // Most of what can go wrong goes wrong around the leader.
            for (MemberProcess member : ensemble.members()) {
                victim = member.mode().equals("leader") ? member : victim;
            }
        }
        long other = 1 + victim.sid() % 3;
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
