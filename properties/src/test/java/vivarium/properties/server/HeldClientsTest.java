package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vivarium.core.CloseReason;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.net.AdmissionSettings;
import vivarium.net.Audit;
import vivarium.net.ClientPort;
import vivarium.net.Inlet;
import vivarium.net.LoopThread;
import vivarium.net.PortSettings;
import vivarium.net.RequestLimits;
import vivarium.net.Words;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.RawClient;
import vivarium.properties.servers.Await;

/** Who comes while a server is between two leaders waits for the next one, but not for long. */
class HeldClientsTest {
    private static final String WORD = "word";

    private final LoopThread thread = LoopThread.start("held-clients");
    private final List<Input> heard = new CopyOnWriteArrayList<>();
    private ClientPort port = port(true);
    private int number;

    private ClientPort port(boolean leaderServes) {
        Inlet inlet =
                new Inlet() {
                    @Override
                    public long nowMillis() {
                        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
                    }

                    @Override
                    public void step(Input input) {
                        heard.add(input);
                    }
                };
        Words words =
                new Words() {
                    @Override
                    public boolean knows(String word) {
                        return word.equals(WORD);
                    }

                    @Override
                    public boolean takesNumber(String word) {
                        return false;
                    }

                    @Override
                    public void answer(
                            String word, long number, long connection, Consumer<String> answer) {
                        answer.accept("an answer");
                    }
                };
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var settings =
                new PortSettings(
                        address,
                        0,
                        1 << 20,
                        0,
                        0,
                        30_000,
                        false,
                        leaderServes,
                        RequestLimits.DEFAULT,
                        AdmissionSettings.DEFAULT,
                        List.of());
        return new ClientPort(thread, settings, inlet, (_, _, _) -> null, words, Audit.NONE);
    }

    private void open(boolean leaderServes) throws Exception {
        port = port(leaderServes);
        number = port.open().getPort();
    }

    @AfterEach
    void stop() {
        port.stopAccepting();
        thread.stop(1_000);
    }

    private void enter(PhaseName phase) {
        thread.execute(() -> port.entered(phase));
    }

    private RawClient connect(boolean readOnly) throws Exception {
        RawClient client = RawClient.dial(number);
        byte[] request = ConnectBytes.newSession().toBytes();
        request[request.length - 1] = (byte) (readOnly ? 1 : 0);
        client.send(request);
        return client;
    }

    /** All that had come to the port before has been looked at when this returns. */
    private void awaitQuiet() throws Exception {
        try (RawClient operator = RawClient.dial(number)) {
            operator.sendRaw(WORD.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertTrue(operator.socket().getInputStream().readAllBytes().length > 0);
        }
    }

    private long connects() {
        return heard.stream().filter(input -> input instanceof Input.Connect).count();
    }

    @Test
    void whoComesBetweenTwoLeadersIsServedByTheNextOneOverTheSameConnection() throws Exception {
        open(true);
        enter(PhaseName.LEARNER_BROADCAST);
        enter(PhaseName.LOOKING);
        try (RawClient client = connect(false)) {
            connect(false).close(); // one that goes before it is served
            awaitQuiet();
            assertEquals(0, connects(), "the core, which would send it away, hears of nobody");
            enter(PhaseName.LEARNER_DISCOVERY);
            enter(PhaseName.LEARNER_SYNCHRONIZATION);
            awaitQuiet();
            assertEquals(0, connects());
            enter(PhaseName.LEARNER_BROADCAST);
            Await.until("it is told now", () -> connects() > 0);
            thread.execute(() -> port.welcome(1, 17, 20_000, false));
            thread.execute(port::flush);
            assertTrue(client.receive() != null);
        }
        assertEquals(1, connects(), "who has gone meanwhile is not told of");
    }

    @Test
    void butNotForLong() throws Exception {
        open(true);
        enter(PhaseName.LEARNER_BROADCAST);
        enter(PhaseName.LOOKING);
        try (RawClient client = connect(false)) {
            Await.until("the core hears of it, and sends it away", () -> connects() == 1);
            thread.execute(() -> port.close(1, CloseReason.NOT_SERVING));
            thread.execute(port::flush);
            client.expectClosed();
        }
        try (RawClient _ = connect(false)) {
            awaitQuiet();
            assertEquals(2, connects(), "from then on nobody waits");
        }
    }

    @Test
    void whoIsContentWithAServerOnItsOwnDoesNotWait() throws Exception {
        open(true);
        enter(PhaseName.LEARNER_BROADCAST);
        enter(PhaseName.LOOKING);
        try (RawClient _ = connect(true)) {
            awaitQuiet();
            assertEquals(1, connects());
        }
    }

    @Test
    void aServerThatHasNotServedYetKeepsNobodyWaiting() throws Exception {
        open(true);
        enter(PhaseName.LOOKING);
        try (RawClient _ = connect(false)) {
            awaitQuiet();
            assertEquals(1, connects());
        }
    }

    @Test
    void aLeaderThatIsNotToServeTurnsClientsAway() throws Exception {
        open(false);
        enter(PhaseName.LEADER_BROADCAST);
        try (RawClient client = connect(false)) {
            client.expectClosed();
            assertEquals(0, connects());
        }
        enter(PhaseName.LOOKING);
        enter(PhaseName.LEARNER_BROADCAST);
        try (RawClient _ = connect(false)) {
            awaitQuiet();
            assertEquals(1, connects());
        }
    }
}
