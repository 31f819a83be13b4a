package vivarium.net;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Settings;
import vivarium.core.zab.Message;
import vivarium.wire.QuorumCodec;

/**
 * The connections between the leader and its learners. A learner makes them; a server that leads
 * takes them, one that looks for a leader keeps them waiting, since it may lead in a moment, and
 * one that learns sends them away.
 *
 * <p>The core hears of a link's end by {@link Input.LinkDown}, unless it has given the link up
 * itself.
 */
public final class QuorumLinks extends PeerLinks {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumLinks.class);

    private static final WriteBufferWaterMark WATER_MARKS =
            new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    /** How many znodes of a snapshot one turn may take from the tree for a learner. */
    private static final int ROOM_ZNODES = 500;

    /** How long a learner is kept waiting while this server looks for a leader. */
    private static final int WAIT_MILLIS = 2_000;

    private static final int SCRATCH_BYTES = 64 * 1024;

    private final QuorumCodec codec;
    private final long budgetBytes = 2 * behindBytes();

    /** The links that the core knows of. */
    private final Map<Long, QuorumLink> links = new TreeMap<>();

    private final Map<Long, Dialer.Call> calls = new TreeMap<>();

    /** Those whose link has ended, which the core is about to be told. */
    private final Set<Long> gone = new HashSet<>();

    /** Learners that have come too early, with what they have said. */
    private final Map<Long, Waiting> waiting = new TreeMap<>();

    private Role role = Role.LOOKS;
    private boolean complained;

    private enum Role {
        LOOKS,
        LEADS,
        LEARNS
    }

    private record Waiting(QuorumLink link, Message info) {}

    public QuorumLinks(LoopThread thread, PeerSettings settings, Inlet inlet) {
        super(thread, settings, inlet, "learners", false, WATER_MARKS, SCRATCH_BYTES);
        this.codec =
                new QuorumCodec(settings.self(), settings.version(), Bytes.utf8(settings.text()));
    }

    /**
     * How much may wait in the core behind a history that is being sent: half of what a link may
     * hold, which it is handed to when that is through.
     */
    public static long behindBytes() {
        return Math.max(Settings.BEHIND_BYTES, Runtime.getRuntime().maxMemory() / 16);
    }

    // ---- effects

    /** See {@link vivarium.core.Effects#entered}. */
    public void entered(PhaseName phase) {
        Role before = role;
        role =
                switch (phase) {
                    case LOOKING -> Role.LOOKS;
                    case LEADER_DISCOVERY, LEADER_SYNCHRONIZATION, LEADER_BROADCAST -> Role.LEADS;
                    case LEARNER_DISCOVERY, LEARNER_SYNCHRONIZATION, LEARNER_BROADCAST ->
                            Role.LEARNS;
                };
        if (role != before) {
            thread.execute(this::onRole);
        }
    }

    /** What this phase wants to be done with those that have come before it. */
    private void onRole() {
        if (role == Role.LOOKS || isEnded()) {
            return;
        }
        List<Waiting> all = List.copyOf(waiting.values());
        waiting.clear();
        for (Waiting one : all) {
            if (role == Role.LEADS && !one.link().isDropped()) {
                one.link().read(true);
                admit(one.link(), one.info());
            } else {
                one.link().drop();
            }
        }
    }

    /** See {@link vivarium.core.Effects#connect}. */
    public void connect(long sid) {
        Member member = settings.member(sid);
        if (member == null || sid == settings.self()) {
            thread.execute(() -> inlet.step(new Input.LinkDown(sid)));
            return;
        }
        if (calls.containsKey(sid) || isEnded()) {
            return;
        }
        gone.remove(sid);
        QuorumLink there = links.get(sid);
        if (there != null) {
            thread.execute(() -> tellUp(there));
            return;
        }
        List<Dialer.Target> targets = new ArrayList<>();
        for (Member.Address address : member.addresses()) {
            targets.add(new Dialer.Target(address.host(), address.quorumPort()));
        }
        calls.put(sid, dialer.dial(targets, new Learning(sid)));
    }

    private void tellUp(QuorumLink link) {
        if (!link.isDropped()) {
            inlet.step(new Input.LinkUp(link.sid()));
        }
    }

    /** This server, as a learner of {@code sid}. */
    private final class Learning implements Dialer.Caller {
        private final long sid;

        Learning(long sid) {
            this.sid = sid;
        }

        @Override
        public void onConnected(Channel channel) {
            calls.remove(sid);
            complained = false;
            QuorumLink link =
                    QuorumLink.made(QuorumLinks.this, channel, sid, settings.maxFieldBytes());
            channel.pipeline().addLast(link);
            links.put(sid, link);
            inlet.step(new Input.LinkUp(sid));
            link.read(true);
        }

        @Override
        public void onFailed(String reason) {
            calls.remove(sid);
            if (!complained) {
                complained = true;
                LOG.info("server {} can't be followed yet: {}", sid, reason);
            }
            inlet.step(new Input.LinkDown(sid));
        }
    }

    /** See {@link vivarium.core.Effects#disconnect}. */
    public void disconnect(long sid) {
        gone.remove(sid);
        Dialer.Call call = calls.remove(sid);
        if (call != null) {
            call.cancel();
        }
        QuorumLink link = links.remove(sid);
        if (link != null) {
            link.drop();
        }
    }

    /** See {@link vivarium.core.Effects#giveUp}. */
    public void giveUp(long sid, String reason) {
        QuorumLink link = links.remove(sid);
        if (link != null) {
            refuse(link, reason);
        }
        disconnect(sid);
    }

    /** See {@link vivarium.core.Effects#send}. */
    public void send(long sid, Message message) {
        QuorumLink link = links.get(sid);
        if (link != null) {
            link.send(message);
        }
    }

    /**
     * A leader whose messages have to wait for this server's disk is read no further when they are
     * too many; the turn ends.
     *
     * @param holds whether the core holds any of them back
     */
    public void pace(boolean holds) {
        if (role == Role.LEARNS) {
            for (QuorumLink link : links.values()) {
                link.pace(holds);
            }
        }
    }

    @Override
    void endAll() {
        calls.values().forEach(Dialer.Call::cancel);
        calls.clear();
        links.values().forEach(QuorumLink::drop);
        links.clear();
        waiting.values().forEach(one -> one.link().drop());
        waiting.clear();
    }

    // ---- learners that come

    @Override
    PeerLink linkOver(Channel channel) {
        return QuorumLink.accepted(this, channel, settings.maxFieldBytes());
    }

    /** A learner has said who it is. */
    void onIntroduced(QuorumLink link, Message info) {
        onGreeted(link);
        String reason = reasonToRefuse(link, info);
        if (reason != null) {
            refuse(link, reason);
            return;
        }
        switch (role) {
            case LEADS -> admit(link, info);
            case LOOKS -> keepWaiting(link, info);
            case LEARNS -> {
                LOG.debug("{} takes this server for the leader, which it is not", link);
                link.drop();
            }
        }
    }

    private @Nullable String reasonToRefuse(QuorumLink link, Message info) {
        long sid = link.sid();
        Member member = settings.member(sid);
        if (sid == settings.self()) {
            return "it says to be server " + sid + ", which is this one";
        }
        if (member == null) {
            return "server " + sid + " is not one of this ensemble";
        }
        if (link.reader().protocolVersion() != QuorumCodec.PROTOCOL_VERSION) {
            return "its protocol 0x"
                    + Integer.toHexString(link.reader().protocolVersion())
                    + " is not known here, only 0x"
                    + Integer.toHexString(QuorumCodec.PROTOCOL_VERSION);
        }
        if (info instanceof Message.LearnerInfo learner && learner.voter() && !member.voter()) {
            return "it wants to vote, but is an observer here";
        }
        QuorumLink there = links.get(sid);
        boolean alive =
                there != null
                        && !there.isDropped()
                        && inlet.nowMillis() - there.heardMillis() < settings.aliveMillis();
        return alive ? "server " + sid + " is here already, over " + there : null;
    }

    /** The newest one counts: the one before it may be what a crash has left. */
    private void keepWaiting(QuorumLink link, Message info) {
        link.read(false);
        Waiting waited = new Waiting(link, info);
        Waiting before = waiting.put(link.sid(), waited);
        if (before != null) {
            before.link().drop();
        }
        var _ =
                thread.schedule(
                        WAIT_MILLIS,
                        () -> {
                            if (waiting.remove(link.sid(), waited)) {
                                link.drop();
                            }
                        });
    }

    private void admit(QuorumLink link, Message info) {
        QuorumLink before = links.remove(link.sid());
        if (before != null) {
            before.drop();
        }
        if (gone.remove(link.sid()) || before != null) {
            inlet.step(new Input.LinkDown(link.sid()));
        }
        links.put(link.sid(), link);
        inlet.step(new Input.LinkUp(link.sid()));
        onMessage(link, info);
    }

    /**
     * How many learners this server has, if it leads.
     *
     * @param voters whether those are counted that vote, or those that do not
     * @param syncedOnly whether only those count that are up to date
     */
    public int learners(boolean voters, boolean syncedOnly) {
        int count = 0;
        for (QuorumLink link : links.values()) {
            Member member = settings.member(link.sid());
            if (role == Role.LEADS
                    && member != null
                    && member.voter() == voters
                    && (link.isSynced() || !syncedOnly)) {
                count++;
            }
        }
        return count;
    }

    // ---- what links tell

    void onMessage(QuorumLink link, Message message) {
        if (!link.isDropped()) {
            inlet.step(new Input.Received(link.sid(), message));
        }
    }

    /** A link has ended. */
    void onEnded(QuorumLink link) {
        Waiting waited = waiting.get(link.sid());
        if (waited != null && waited.link() == link) {
            waiting.remove(link.sid());
        }
        long sid = link.sid();
        if (links.remove(sid, link) && gone.add(sid)) {
            thread.execute(() -> {
                if (gone.remove(sid) && !isEnded()) {
                    inlet.step(new Input.LinkDown(sid));
                }
            });
        }
    }

    /** Not at once: others may have their turn between two pieces of a snapshot. */
    void giveRoom(QuorumLink link) {
        thread.execute(() -> {
            if (link.takeRoom()) {
                inlet.step(new Input.LinkRoom(link.sid(), ROOM_ZNODES));
            }
        });
    }

    /** How much may wait for one that does not read. */
    long budgetBytes() {
        return budgetBytes;
    }

    QuorumCodec codec() {
        return codec;
    }
}
