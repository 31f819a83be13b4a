package vivarium.simulation.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.election.Notification;
import vivarium.core.zab.Message;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Timeline;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.spec.Scribe;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.QuorumCodec;

/**
 * What lies between the servers. A learner makes a connection to whom it takes for its leader; a
 * server that leads takes it, one that looks for a leader keeps it waiting, one that learns sends
 * it away: as the ports of a real server do. What is said goes over it as bytes.
 */
public final class Network {
    private static final int SPIKE = 100;
    private static final long CONNECT_TIMEOUT_MICROS = 2_000_000;

    /** How long a learner is kept waiting by a server that looks for a leader. */
    private static final long PATIENCE_MICROS = 2_000_000;

    /** After how long a host finds out that the one it talks to has vanished. */
    private static final long KEEPALIVE_MICROS = 60_000_000;

    private final Timeline timeline;
    private final Trace trace;
    private final Marks marks;
    private final Chance chance;
    private final Scribe scribe;
    private final Mail mail;
    private final TreeMap<Long, Place> places = new TreeMap<>();
    private final List<Link> links = new ArrayList<>();
    private final TreeMap<Long, Long> blockedUntil = new TreeMap<>();
    private final TreeMap<Long, Double> slowness = new TreeMap<>();
    private NetworkTraits traits;

    /** A server, and its connections. */
    private static final class Place {
        final Endpoint endpoint;
        final QuorumCodec codec;

        /** Those that it has made, and those that it has taken, by the other end. */
        final TreeMap<Long, Link> made = new TreeMap<>();

        final TreeMap<Long, Link> taken = new TreeMap<>();

        /** Those with something to send at the end of the turn. */
        final ArrayList<Link> talking = new ArrayList<>();

        /** The chance of what goes from here to each other, by its number. */
        Chance[] towards = {};

        PhaseName phase = PhaseName.LOOKING;

        Place(Endpoint endpoint) {
            this.endpoint = endpoint;
            this.codec = new QuorumCodec(endpoint.sid(), 0, Bytes.utf8("version=0"));
        }

        boolean leads() {
            return switch (phase) {
                case LEADER_DISCOVERY, LEADER_SYNCHRONIZATION, LEADER_BROADCAST -> true;
                case LOOKING, LEARNER_DISCOVERY, LEARNER_SYNCHRONIZATION, LEARNER_BROADCAST ->
                        false;
            };
        }
    }

    public Network(
            Timeline timeline,
            Trace trace,
            Marks marks,
            NetworkTraits traits,
            Scribe scribe,
            long seed) {
        this.timeline = timeline;
        this.trace = trace;
        this.marks = marks;
        this.traits = traits;
        this.scribe = scribe;
        this.chance = Chance.of(seed, "network", 0);
        this.mail = new Mail();
    }

    /** Adds a server. */
    public void join(Endpoint endpoint) {
        places.put(endpoint.sid(), new Place(endpoint));
    }

    /** From now on the network is like this. */
    public void become(NetworkTraits newTraits) {
        traits = newTraits;
    }

    private static long way(long from, long to) {
        return from << 32 | to;
    }

    private Place place(long sid) {
        Place found = places.get(sid);
        if (found == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return found;
    }

    private void offer(long sid, Input input) {
        place(sid).endpoint.offer(input);
    }

    private boolean isUp(long sid) {
        return place(sid).endpoint.isUp();
    }

    /** The chance of one way: what happens on it moves no other. */
    private Chance towards(long from, long to) {
        Place place = place(from);
        int at = (int) to;
        if (at >= place.towards.length) {
            int old = place.towards.length;
            place.towards = Arrays.copyOf(place.towards, at + 1);
            for (int i = old; i <= at; i++) {
                place.towards[i] = chance.part("from " + from, i);
            }
        }
        return place.towards[at];
    }

    // ---- faults

    /** Nothing gets from one server to another for a while; what is sent meanwhile comes later. */
    public void block(long from, long to, long micros) {
        blockedUntil.merge(way(from, to), timeline.nowMicros() + micros, Math::max);
    }

    /** What goes from one server to another takes this many times as long. */
    public void slow(long from, long to, double factor) {
        slowness.put(way(from, to), factor);
    }

    /** Breaks whatever links there are between two servers. */
    public void reset(long one, long other) {
        for (Link link : List.copyOf(links)) {
            if (link.isBetween(one, other)
                    && !link.goneAtAsker
                    && !link.goneAtAccepter
                    && !link.to(one).isCut()
                    && !link.to(other).isCut()) {
                marks.see("link reset");
                scribe.linkBroken(link.asker, link.accepter);
                breakTowards(link, one);
                breakTowards(link, other);
            }
        }
    }

    /** Everything is as good as it was, and nothing is blocked. */
    public void heal() {
        blockedUntil.clear();
        slowness.clear();
    }

    private long delay(long from, long to) {
        Chance own = towards(from, to);
        long micros = traits.leastMicros() + own.around(traits.meanMicros());
        if (own.happens(traits.spikes())) {
            micros *= SPIKE;
        }
        double factor = slowness.isEmpty() ? 1.0 : slowness.getOrDefault(way(from, to), 1.0);
        return 1 + (long) (micros * factor);
    }

    private long arrival(long from, long to) {
        long free = blockedUntil.isEmpty() ? 0 : blockedUntil.getOrDefault(way(from, to), 0L);
        return Math.max(timeline.nowMicros(), free) + delay(from, to);
    }

    private boolean isBlocked(long from, long to) {
        return !blockedUntil.isEmpty()
                && blockedUntil.getOrDefault(way(from, to), 0L) > timeline.nowMicros();
    }

    // ---- notifications

    /** Sends a notification, which may get lost; a newer one takes the place of one on its way. */
    public void notify(long from, long to, Notification notification) {
        if (isBlocked(from, to) || towards(from, to).happens(traits.lostNotifications())) {
            return;
        }
        mail.put(way(from, to), notification);
        timeline.at(arrival(from, to), () -> arrive(from, to));
    }

    private void arrive(long from, long to) {
        Notification newest = mail.take(way(from, to), towards(from, to));
        if (newest != null) {
            offer(to, new Input.Notified(from, newest));
        }
    }

    // ---- making and taking connections

    /** A learner asks for a connection; it hears that it is there, or that none can be had. */
    public void connect(long from, long to) {
        Link there = place(from).made.get(to);
        if (there != null) {
            if (there.up) {
                timeline.after(1, () -> tellUp(there));
            }
            return;
        }
        Link link = new Link(from, to);
        link.pipes(pipe(link, from, to), pipe(link, to, from));
        links.add(link);
        place(from).made.put(to, link);
        if (isBlocked(from, to) || isBlocked(to, from)) {
            timeline.after(
                    CONNECT_TIMEOUT_MICROS,
                    () -> {
                        link.goneAtAccepter = true;
                        tellDown(link, from);
                    });
            return;
        }
        link.to(to).then(() -> accept(link));
    }

    private Pipe pipe(Link link, long from, long to) {
        return new Pipe(
                timeline,
                towards(from, to),
                () -> arrival(from, to),
                (bytes, offset, length) -> receive(link, to, bytes, offset, length));
    }

    private void accept(Link link) {
        if (!isUp(link.accepter)) {
            link.goneAtAccepter = true;
            timeline.after(delay(link.accepter, link.asker), () -> tellDown(link, link.asker));
            return;
        }
        link.to(link.asker).then(() -> tellUp(link));
    }

    private void tellUp(Link link) {
        if (!link.goneAtAsker && isUp(link.asker)) {
            link.up = true;
            scribe.connected(link.asker, link.accepter);
            offer(link.asker, link.news(link.asker));
        }
    }

    /** A learner has said who it is: now it depends on what the other end is doing. */
    private void introduce(Link link, Message introduction) {
        Place accepter = place(link.accepter);
        link.introduction = introduction;
        if (accepter.leads()) {
            admit(accepter, link);
        } else if (accepter.phase == PhaseName.LOOKING) {
            marks.see("learner kept waiting");
            timeline.after(
                    PATIENCE_MICROS,
                    () -> {
                        if (link.introduction != null) {
                            dismiss(link);
                        }
                    });
        } else {
            dismiss(link);
        }
    }

    /** A learner that nobody listens to has to come again. */
    private void dismiss(Link link) {
        scribe.dismissed(link.asker, link.accepter);
        close(link, link.accepter);
    }

    private void admit(Place accepter, Link link) {
        Message introduction = link.introduction;
        link.introduction = null;
        if (introduction == null || link.goneAtAccepter) {
            return;
        }
        Link before = accepter.taken.get(link.asker);
        if (before != null) {
            marks.see("learner came again before its link was gone");
            boolean heardOf = !forgetUnheard(before, link.accepter);
            close(before, link.accepter);
            if (heardOf) {
                accepter.endpoint.offer(new Input.LinkDown(link.asker));
            }
        }
        accepter.taken.put(link.asker, link);
        accepter.endpoint.offer(link.news(link.accepter));
        deliver(link, link.accepter, introduction);
    }

    /** A server is now in another phase: those that it kept waiting come in, or have to go. */
    public void entered(long sid, PhaseName phase) {
        Place place = place(sid);
        place.phase = phase;
        if (!place.leads()) {
            // It took them while it led, and its peer will give them up when it hears of them.
            for (Link link : place.taken.values()) {
                Input.LinkUp news = link.unheardNews(sid);
                if (news != null && link.heard(sid, news)) {
                    scribe.admitted(link.asker, sid);
                }
            }
        }
        if (phase == PhaseName.LOOKING) {
            return;
        }
        for (Link link : List.copyOf(links)) {
            if (link.accepter == sid && link.introduction != null && !link.goneAtAccepter) {
                if (place.leads()) {
                    admit(place, link);
                } else {
                    dismiss(link);
                }
            }
        }
    }

    // ---- the end of connections

    /** One end learns that there is no link any more, once. */
    private void tellDown(Link link, long sid) {
        if (link.isGone(sid)) {
            return;
        }
        if (link.held() > 0) {
            marks.see("packet cut in its middle");
        }
        link.gone(sid);
        link.introduction = null;
        Place place = place(sid);
        boolean known =
                sid == link.asker
                        ? place.made.remove(link.accepter, link)
                        : place.taken.remove(link.asker, link);
        if (known && !forgetUnheard(link, sid)) {
            place.endpoint.offer(new Input.LinkDown(link.other(sid)));
        }
        forgetIfOver(link);
    }

    /** Whether a link that a server has taken ends before its peer has heard of it. */
    private boolean forgetUnheard(Link link, long sid) {
        Input.LinkUp news = sid == link.accepter ? link.unheardNews(sid) : null;
        if (news != null) {
            place(sid).endpoint.forget(news);
        }
        return news != null;
    }

    private void forgetIfOver(Link link) {
        if (link.goneAtAsker && link.goneAtAccepter) {
            links.remove(link);
        }
    }

    /** Gives links up: the other end hears of it behind all that was sent before. */
    public void disconnect(long from, long to) {
        scribe.disconnecting(from, to);
        Place place = place(from);
        Link made = place.made.get(to);
        if (made != null) {
            close(made, from);
        }
        Link taken = place.taken.get(to);
        if (taken != null && forgetUnheard(taken, from)) {
            dismiss(taken);
        } else if (taken != null) {
            close(taken, from);
        }
    }

    private void close(Link link, long sid) {
        if (link.isGone(sid)) {
            return;
        }
        flush(link, sid);
        link.gone(sid);
        link.introduction = null;
        Place place = place(sid);
        if (sid == link.asker) {
            place.made.remove(link.accepter, link);
        } else {
            place.taken.remove(link.asker, link);
        }
        long other = link.other(sid);
        link.to(other).then(() -> tellDown(link, other));
        forgetIfOver(link);
    }

    /**
     * What arrives at {@code sid} after some moment is lost; then it hears that the link is gone.
     */
    private void breakTowards(Link link, long sid) {
        long other = link.other(sid);
        long cut = timeline.nowMicros() + towards(other, sid).around(delay(other, sid));
        link.to(sid).cut(cut);
        timeline.at(cut + 1, () -> tellDown(link, sid));
    }

    /**
     * A server's process has ended.
     *
     * @param silently whether its host has gone too, so that nobody tells the others
     */
    public void down(long sid, boolean silently) {
        Place place = place(sid);
        place.phase = PhaseName.LOOKING;
        place.made.clear();
        place.taken.clear();
        place.talking.clear();
        for (Link link : List.copyOf(links)) {
            if ((link.asker != sid && link.accepter != sid) || link.isGone(sid)) {
                continue;
            }
            link.gone(sid);
            link.introduction = null;
            long other = link.other(sid);
            if (silently) {
                link.to(other).cut(timeline.nowMicros() + delay(sid, other));
                timeline.after(KEEPALIVE_MICROS, () -> tellDown(link, other));
            } else {
                breakTowards(link, other);
            }
            forgetIfOver(link);
        }
    }

    // ---- what goes over them

    /** A peer comes to the news of a link: from now on it speaks over that. */
    public void heard(long sid, Input.LinkUp news) {
        Place place = place(sid);
        Link made = place.made.get(news.sid());
        if (made != null) {
            made.heard(sid, news);
        }
        Link taken = place.taken.get(news.sid());
        if (taken != null && taken.heard(sid, news)) {
            scribe.admitted(taken.asker, taken.accepter);
        }
    }

    /**
     * Sends over the link that the sender knows of, if it is still there; it leaves with {@link
     * #flush(long)}.
     */
    public void send(long from, long to, Message message) {
        Place place = place(from);
        Link link =
                message instanceof Message.FromLearner ? place.made.get(to) : place.taken.get(to);
        if (link != null && !link.isKnown(from)) {
            marks.see("said over a link that was gone, when the next was there");
            return;
        }
        if (link == null || (traits.lostMessages() > 0 && chance.happens(traits.lostMessages()))) {
            return;
        }
        JuteWriter out = link.by(from);
        if (out.length() == 0) {
            place.talking.add(link);
        }
        place.codec.write(out, message);
    }

    /** A server's turn is over: what it has said in it leaves. */
    public void flush(long from) {
        ArrayList<Link> talking = place(from).talking;
        for (int i = 0; i < talking.size(); i++) {
            flush(talking.get(i), from);
        }
        talking.clear();
    }

    private void flush(Link link, long from) {
        JuteWriter out = link.by(from);
        if (out.length() > 0 && !link.isGone(from)) {
            boolean whole = traits.lostBytes() == 0 || !chance.happens(traits.lostBytes());
            link.to(link.other(from)).send(out.array(), out.length() - (whole ? 0 : 1));
        }
        out.reset(1 << 10);
    }

    private void receive(Link link, long to, byte[] bytes, int offset, int length) {
        if (link.isGone(to) || !isUp(to)) {
            return;
        }
        try {
            if (to == link.asker) {
                link.ofAccepter.read(bytes, offset, length, message -> deliver(link, to, message));
            } else {
                link.ofAsker.read(bytes, offset, length, message -> hear(link, message));
            }
        } catch (MalformedException e) {
            throw new Violation(
                    "PeersSpeakTheProtocol",
                    "server " + link.other(to) + " to server " + to + ": " + e.reason());
        }
    }

    private void hear(Link link, Message message) {
        if (message instanceof Message.LearnerInfo) {
            if (link.ofAsker.sid() != link.asker) {
                throw new Violation(
                        "PeersSpeakTheProtocol",
                        "server " + link.asker + " says to be " + link.ofAsker.sid());
            }
            introduce(link, message);
        } else {
            deliver(link, link.accepter, message);
        }
    }

    private void deliver(Link link, long to, Message message) {
        Place place = place(to);
        long from = link.other(to);
        @Nullable Link known = to == link.asker ? place.made.get(from) : place.taken.get(from);
        if (known != link || link.isGone(to)) {
            return;
        }
        if (trace.isKept()) {
            trace.detail(message.toString());
        }
        trace.add(Trace.Kind.RECEIVE, to, from, 0);
        place.endpoint.offer(new Input.Received(from, message));
        giveRoom(link, from, to, message);
    }

    /** What has arrived of a history leaves room for more of it. */
    private void giveRoom(Link link, long from, long to, Message message) {
        int room =
                switch (message) {
                    case Message.SnapZnodes znodes -> znodes.znodes().size();
                    case Message.Propose _ when link.sendsHistory -> 1;
                    default -> 0;
                };
        if (message instanceof Message.Diff || message instanceof Message.Trunc) {
            link.sendsHistory = true;
        } else if (message instanceof Message.NewLeader) {
            link.sendsHistory = false;
        }
        if (room > 0 && !link.isGone(from)) {
            offer(from, new Input.LinkRoom(to, room));
        }
    }
}
