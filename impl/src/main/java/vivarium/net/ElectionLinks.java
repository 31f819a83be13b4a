package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.election.Notification;
import vivarium.wire.ElectionCodec;
import vivarium.wire.ElectionFrame;

/**
 * The connections over which servers tell each other their votes. Between two servers there is one
 * at most, made by the one with the larger id: the other one only knocks, and is called back. That
 * keeps two servers from making, and then closing, two of them at once for ever.
 *
 * <p>A vote that has not been told yet is told when there is a connection; while this server looks
 * for a leader, each new connection begins with its newest vote, since whoever has come back must
 * hear it.
 */
public final class ElectionLinks extends PeerLinks {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionLinks.class);

    private static final WriteBufferWaterMark WATER_MARKS =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private static final int FIRST_RETRY_MILLIS = 50;
    private static final int LAST_RETRY_MILLIS = 1_000;
    private static final int SCRATCH_BYTES = 16 * 1024;

    private final Bytes text;

    /** What there is to be told to others, and how they are reached. */
    private final Map<Long, Contact> contacts = new TreeMap<>();

    private boolean looking = true;

    public ElectionLinks(LoopThread thread, PeerSettings settings, Inlet inlet) {
        super(thread, settings, inlet, "votes", true, WATER_MARKS, SCRATCH_BYTES);
        this.text = Bytes.wrap(settings.text().getBytes(StandardCharsets.UTF_8));
        for (Member member : settings.members()) {
            if (member.sid() != settings.self()) {
                contacts.put(member.sid(), new Contact(member));
            }
        }
    }

    /** See {@link vivarium.core.Effects#notify(long, Notification)}. */
    public void tell(long sid, Notification notification) {
        Contact contact = contacts.get(sid);
        if (contact != null && !isEnded()) {
            contact.tell(notification);
        }
    }

    /** What is told from now on is told by a server in this phase. */
    public void entered(PhaseName phase) {
        boolean nowLooking = phase == PhaseName.LOOKING;
        if (nowLooking == looking) {
            return;
        }
        looking = nowLooking;
        contacts.values().forEach(Contact::onPhase);
    }

    /** The voters that there is no connection to, by ascending id. */
    public List<Long> missing() {
        List<Long> missing = new ArrayList<>();
        contacts.forEach((sid, contact) -> {
            if (contact.link == null && contact.member.voter()) {
                missing.add(sid);
            }
        });
        return missing;
    }

    @Override
    void endAll() {
        contacts.values().forEach(Contact::end);
    }

    // ---- connections that others make

    @Override
    PeerLink linkOver(Channel channel) {
        return ElectionLink.accepted(this, channel);
    }

    void onFrame(ElectionLink link, ElectionFrame frame) {
        switch (frame) {
            case ElectionFrame.Greeting greeting -> onGreeting(link, greeting.sid());
            case ElectionFrame.Told told -> onTold(link, told);
            case ElectionFrame.Ignored ignored ->
                    grumbles.say(
                            inlet.nowMillis(),
                            link.toString(),
                            "a vote, of which " + ignored.reason());
        }
    }

    private void onGreeting(ElectionLink link, long sid) {
        onGreeted(link);
        Contact contact = contacts.get(sid);
        if (contact == null) {
            String reason =
                    sid == settings.self()
                            ? "it says to be server " + sid + ", which is this one"
                            : "server " + sid + " is not one of this ensemble";
            refuse(link, reason);
        } else if (sid < settings.self()) {
            link.drop();
            contact.callBack();
        } else {
            link.greeted(sid);
            contact.established(link);
        }
    }

    private void onTold(ElectionLink link, ElectionFrame.Told told) {
        Bytes config = told.config();
        if (config != null && !listsThisServer(config)) {
            refuse(link, "it is of another ensemble, which has no server " + settings.self());
            return;
        }
        inlet.step(new Input.Notified(link.sid(), told.notification()));
    }

    /** A text without any servers is of one that tells nothing about them. */
    private boolean listsThisServer(Bytes config) {
        if (config.equals(text)) {
            return true;
        }
        String lines = new String(config.toArray(), StandardCharsets.UTF_8);
        return !lines.contains("server.") || lines.contains("server." + settings.self() + "=");
    }

    /** A connection has ended. */
    void onEnded(ElectionLink link) {
        Contact contact = contacts.get(link.sid());
        if (contact != null) {
            contact.onGone(link);
        }
    }

    ByteBuf encode(Channel channel, Notification notification) {
        ElectionCodec.notification(scratch, notification, text);
        return taken(channel);
    }

    private ByteBuf taken(Channel channel) {
        ByteBuf buffer = channel.alloc().ioBuffer(scratch.length());
        buffer.writeBytes(scratch.array(), 0, scratch.length());
        scratch.reset(SCRATCH_BYTES);
        return buffer;
    }

    private ByteBuf greeting(Channel channel) {
        StringBuilder addresses = new StringBuilder();
        for (Member.Address own : settings.own().addresses()) {
            if (!addresses.isEmpty() && !settings.severalAddresses()) {
                break;
            }
            addresses
                    .append(addresses.isEmpty() ? "" : "|")
                    .append(own.bracketed())
                    .append(':')
                    .append(own.electionPort());
        }
        ElectionCodec.greeting(
                scratch,
                settings.severalAddresses() ? ElectionCodec.GREETING_V2 : ElectionCodec.GREETING_V1,
                settings.self(),
                addresses.toString());
        return taken(channel);
    }

    // ---- connections that this server makes

    /** Another server: the connection to it, if there is one, and what it is to be told. */
    private final class Contact implements Dialer.Caller {
        private final Member member;
        private @Nullable ElectionLink link;
        private Dialer.@Nullable Call call;
        private LoopThread.@Nullable Alarm retry;
        private int retryMillis = FIRST_RETRY_MILLIS;
        private boolean complained;

        /** The newest that it was to be told; null for nothing. */
        private @Nullable Notification newest;

        /** Whether that has been written to a connection. */
        private boolean told;

        Contact(Member member) {
            this.member = member;
        }

        void tell(Notification notification) {
            newest = notification;
            told = false;
            ElectionLink open = link;
            if (open != null) {
                told = true;
                open.send(notification);
            } else if (retry == null) {
                dial();
            }
        }

        /** What was told in another phase is not true any more for those who come later. */
        void onPhase() {
            if (told || looking) {
                newest = null;
            }
        }

        private boolean hasToSay() {
            return newest != null && (looking || !told);
        }

        /** It has knocked: what there was is of no use to it any more. */
        void callBack() {
            ElectionLink old = link;
            link = null;
            if (old != null) {
                old.drop();
            }
            cancelRetry();
            dial();
        }

        private void dial() {
            if (call != null || isEnded()) {
                return;
            }
            List<Dialer.Target> targets = new ArrayList<>();
            for (Member.Address address : member.addresses()) {
                targets.add(new Dialer.Target(address.host(), address.electionPort()));
            }
            call = dialer.dial(targets, this);
        }

        @Override
        public void onConnected(Channel channel) {
            call = null;
            complained = false;
            var _ = channel.writeAndFlush(greeting(channel));
            if (settings.self() < member.sid()) {
                LoopThread.close(channel);
                retryLater();
                return;
            }
            ElectionLink made = ElectionLink.made(ElectionLinks.this, channel, member.sid());
            channel.pipeline().addLast(made);
            channel.config().setAutoRead(true);
            established(made);
        }

        @Override
        public void onFailed(String reason) {
            call = null;
            if (!complained) {
                complained = true;
                LOG.info("server {} can't be told: {}", member.sid(), reason);
            }
            retryLater();
        }

        void established(ElectionLink newLink) {
            ElectionLink old = link;
            if (old != null) {
                old.drop();
            }
            cancelRetry();
            retryMillis = FIRST_RETRY_MILLIS;
            link = newLink;
            Notification vote = newest;
            if (vote != null && hasToSay()) {
                told = true;
                newLink.send(vote);
                newLink.flush();
            }
        }

        void onGone(ElectionLink gone) {
            if (gone == link) {
                link = null;
                if (hasToSay()) {
                    retryLater();
                }
            }
        }

        private void retryLater() {
            if (retry != null || isEnded()) {
                return;
            }
            retry =
                    thread.schedule(
                            retryMillis,
                            () -> {
                                retry = null;
                                if (link == null && hasToSay()) {
                                    dial();
                                }
                            });
            retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
        }

        private void cancelRetry() {
            LoopThread.Alarm pending = retry;
            retry = null;
            if (pending != null) {
                pending.cancel();
            }
        }

        void end() {
            cancelRetry();
            Dialer.Call pending = call;
            call = null;
            if (pending != null) {
                pending.cancel();
            }
            ElectionLink open = link;
            link = null;
            if (open != null) {
                open.drop();
            }
        }
    }
}
