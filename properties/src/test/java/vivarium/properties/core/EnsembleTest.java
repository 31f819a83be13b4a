package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;

/** Several peers agree, whatever breaks, and serve again when it is mended. */
final class EnsembleTest {
    private static final int SEEDS = Integer.getInteger("vivarium.ensembleSeeds", 40);

    /** One run: clients write while servers and links break; then everything is mended. */
    private static final class Run {
        final MiniEnsemble world;
        final TreeSet<String> acknowledged = new TreeSet<>();
        private long nextConnection = 1;
        private int nextName;

        Run(long seed, int voters, int observers) {
            world = new MiniEnsemble(seed, voters, observers);
        }

        void writes(long millis, int faultsPerThousand) {
            long until = world.now + millis;
            while (world.now < until) {
                world.run(1 + world.random.nextInt(20));
                for (MiniServer server : world.servers.values()) {
                    collect(server);
                    if (server.isUp() && server.phase().isServing()) {
                        write(server);
                    }
                }
                if (world.random.nextInt(1000) < faultsPerThousand) {
                    breakSomething();
                }
            }
        }

        private void write(MiniServer server) {
            if (server.sessions.isEmpty()) {
                List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
                server.step(new Input.Connect(nextConnection++, 0, true, 10_000, 0, false, who));
            } else if (world.random.nextInt(3) == 0) {
                long connection = server.sessions.lastKey();
                int xid = ++nextName;
                server.step(new Input.Request(connection, xid, World.create("/n" + xid, 0)));
            }
        }

        private void collect(MiniServer server) {
            for (String reply : server.replies) {
                String[] words = reply.split(" ", -1);
                if (words[1].equals("reply") && words[3].equals("Created")) {
                    acknowledged.add("/n" + words[2]);
                } else if (words[1].equals("close")) {
                    server.sessions.remove(Long.valueOf(words[0]));
                }
            }
            server.replies.clear();
        }

        private void breakSomething() {
            List<MiniServer> all = new ArrayList<>(world.servers.values());
            MiniServer victim = all.get(world.random.nextInt(all.size()));
            MiniServer other = all.get(world.random.nextInt(all.size()));
            if (world.random.nextInt(3) > 0) {
                victim.cut(other.sid);
            } else {
                victim.crash();
                victim.sessions.clear();
                victim.replies.clear();
                world.after(world.random.nextInt(2_000), victim::start);
            }
        }

        void mend() {
            for (MiniServer server : world.servers.values()) {
                server.start();
            }
            for (int i = 0; i < 300 && !world.allServe(); i++) {
                world.run(100);
            }
            assertTrue(world.allServe(), "EventuallyServes");
            writes(1_000, 0);
            for (int i = 0; i < 1_000 && !allAtTheSameZxid(); i++) {
                world.run(7);
            }
            assertTrue(allAtTheSameZxid(), "EventuallyCommits");
        }

        private boolean allAtTheSameZxid() {
            TreeSet<Long> zxids = new TreeSet<>();
            for (MiniServer server : world.servers.values()) {
                zxids.add(present(server.peer).replica().lastProcessedZxid());
            }
            return zxids.size() == 1;
        }

        void verify() {
            for (MiniServer server : world.servers.values()) {
                collect(server);
            }
            MiniServer leader = world.leader();
            assertNotNull(leader);
            Peer first = present(leader.peer);
            for (MiniServer server : world.servers.values()) {
                Peer peer = present(server.peer);
                assertEquals(
                        first.replica().lastProcessedZxid(), peer.replica().lastProcessedZxid());
                assertEquals(first.replica().digest(), peer.replica().digest(), "DigestsAgree");
                for (String path : acknowledged) {
                    assertNotNull(
                            peer.replica().tree().find(Path.of(path)),
                            "NothingAcknowledgedIsLost: " + path);
                }
            }
        }

        private static <T> T present(@Nullable T value) {
            assertNotNull(value);
            return Objects.requireNonNull(value);
        }
    }

    private static void campaign(int seeds, int voters, int observers, int faults) {
        int acknowledged = 0;
        for (int seed = 0; seed < seeds; seed++) {
            Run run = new Run(seed, voters, observers);
            try {
                run.writes(4_000, faults);
                run.mend();
                run.verify();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + ": "
                                + failure.getMessage()
                                + "\n"
                                + String.join("\n", run.world.trace),
                        failure);
            }
            acknowledged += run.acknowledged.size();
        }
        assertTrue(acknowledged > seeds, "nothing was written");
    }

    /** The planted mistake: what is called durable is not. The campaign must not pass. */
    @Test
    void disksThatLieAreFoundOut() {
        for (int seed = 0; seed < 1_000; seed++) {
            Run run = new Run(seed, 3, 0);
            run.world.disksLie = true;
            try {
                run.writes(4_000, 30);
                run.mend();
                run.verify();
            } catch (AssertionError | RuntimeException _) {
                return;
            }
        }
        throw new AssertionError("1000 seeds of lying disks and nobody noticed");
    }

    @Test
    void threeServersServeWhereNothingBreaks() {
        campaign(SEEDS / 4, 3, 0, 0);
    }

    @Test
    void threeServersLoseNothingWhateverBreaks() {
        campaign(SEEDS, 3, 0, 30);
    }

    @Test
    void fiveServersAndTwoObserversLoseNothingWhateverBreaks() {
        campaign(SEEDS / 4, 5, 2, 30);
    }
}
