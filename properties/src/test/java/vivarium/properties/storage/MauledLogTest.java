package vivarium.properties.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vivarium.core.txn.Proposal;
import vivarium.storage.DamageException;
import vivarium.storage.Recovery;
import vivarium.storage.TxnLog;

class MauledLogTest {
    /** Whatever is done to a log: it is refused, or what is read is the beginning of what was. */
    @Property(tries = 1500)
    void aMauledLogIsRefusedOrReadUpToTheMistake(@ForAll long seed) throws IOException {
        RandomGenerator random = new SplittableRandom(seed);
        MemoryDisk disk = new MemoryDisk();
        History history = new History(seed);
        History.recover(disk);
        TxnLog log = new TxnLog(disk, History.SMALL, 0);
        for (int i = random.nextInt(3); i >= 0; i--) {
            for (Proposal proposal : history.next(1 + random.nextInt(12))) {
                log.append(proposal);
            }
            log.force();
            if (random.nextBoolean()) {
                log.roll();
            }
        }
        List<String> logs = disk.list().stream().filter(name -> name.startsWith("log.")).toList();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String name = logs.get(random.nextInt(logs.size()));
            disk.put(name, mauled(disk.bytes(name), random));
        }
        Recovery.Result found;
        try {
            found = History.recover(disk);
        } catch (DamageException e) {
            assertTrue(e.toString().contains("log."), e.toString());
            return;
        }
        long last = found.recovered().replica().lastProcessedZxid();
        assertTrue(last <= history.lastZxid());
        if (last > 0) {
            Proposal proposal = history.proposals().get((int) last - 1);
            assertEquals(proposal.digest(), found.recovered().replica().digest());
        }
        assertEquals(last, History.recover(disk).recovered().replica().lastProcessedZxid());
    }

    private static byte[] mauled(byte[] bytes, RandomGenerator random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(Math.max(1, bytes.length / 4));
        int end = Math.min(bytes.length, at + 1 + random.nextInt(700));
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
            case 2 -> {
                Arrays.fill(bytes, at, end, (byte) 0);
                yield bytes;
            }
            case 3 -> {
                for (int i = at; i < end; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
                yield bytes;
            }
            default -> {
                System.arraycopy(bytes.clone(), 0, bytes, at, end - at);
                yield bytes;
            }
        };
    }
}
