package vivarium.simulation.network;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.election.Notification;
import vivarium.core.zab.Message;
import vivarium.simulation.engine.Chance;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Timeline;
import vivarium.simulation.engine.Trace;

/**
 * What lies between the servers. A link is as TCP has it: in order, whole until it breaks, and then
 * without its end. Notifications may get lost, and a newer one takes the place of one that is still
 * on its way.
 */
public final class Network {
    private static final int SPIKE = 100;
    private static final long CONNECT_TIMEOUT_MICROS = 2_000_000;

    /** After how long a host finds out that the one it talks to has vanished. */
    private static final long KEEPALIVE_MICROS = 60_000_000;

    private final Timeline timeline;
    private final Trace trace;
    private final Marks marks;
    private final Chance chance;
    private final TreeMap<Long, Endpoint> endpoints = new TreeMap<>();
    private final List<Link> links = new ArrayList<>();
    private final TreeMap<Long, Long> blockedUntil = new TreeMap<>();
    private final TreeMap<Long, Double> slowness = new TreeMap<>();
    private final TreeMap<Long, Notification> notifications = new TreeMap<>();
    private NetworkTraits traits;

    public Network(Timeline timeline, Trace trace, Marks marks, NetworkTraits traits, long seed) {
        this.timeline = timeline;
        this.trace = trace;
        this.marks = marks;
        this.traits = traits;
        this.chance = Chance.of(seed, "network", 0);
    }

    /** Adds a server. */
    public void join(Endpoint endpoint) {
        endpoints.put(endpoint.sid(), endpoint);
    }

    /** From now on the network is like this. */
    public void become(NetworkTraits newTraits) {
        traits = newTraits;
    }

    private static long way(long from, long to) {
        return from << 32 | to;
    }

    private Endpoint endpoint(long sid) {
        Endpoint found = endpoints.get(sid);
        if (found == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return found;
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
            if (link.isAlive()
                    && (link.asker == one || link.asker == other)
                    && (link.accepter == one || link.accepter == other)) {
                marks.see("link reset");
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
        long micros = traits.leastMicros() + chance.around(traits.meanMicros());
        if (chance.happens(traits.spikes())) {
            micros *= SPIKE;
        }
        return 1 + (long) (micros * slowness.getOrDefault(way(from, to), 1.0));
    }

    private long arrival(long from, long to) {
        long free = blockedUntil.getOrDefault(way(from, to), 0L);
        return Math.max(timeline.nowMicros(), free) + delay(from, to);
    }

    private boolean isBlocked(long from, long to) {
        return blockedUntil.getOrDefault(way(from, to), 0L) > timeline.nowMicros();
    }

    // ---- notifications

    /** Sends a notification, which may get lost. */
    public void notify(long from, long to, Notification notification) {
        if (isBlocked(from, to) || chance.happens(traits.lostNotifications())) {
            return;
        }
        // One that is stuck on a slow way holds up none that comes after it: it is given up for it.
        notifications.put(way(from, to), notification);
        timeline.at(arrival(from, to), () -> arrive(from, to));
    }

    private void arrive(long from, long to) {
        Notification newest = notifications.remove(way(from, to));
        if (newest != null) {
            endpoint(to).offer(new Input.Notified(from, newest));
        }
    }

    // ---- links

    private @Nullable Link alive(long one, long other) {
        for (Link link : links) {
            if (link.isAlive()
                    && (link.asker == one || link.accepter == one)
                    && (link.asker == other || link.accepter == other)) {
                return link;
            }
        }
        return null;
    }

    /** Asks for a link; both will hear of it, or the one who asked that there is none. */
    public void connect(long from, long to) {
        Link there = alive(from, to);
        if (there != null) {
            if (there.isUp(from)) {
                deliver(there, from, new Input.LinkUp(to));
            } else {
                there.wantedByBoth();
            }
            return;
        }
        Link link = new Link(from, to);
        links.add(link);
        if (isBlocked(from, to) || isBlocked(to, from)) {
            timeline.after(
                    CONNECT_TIMEOUT_MICROS,
                    () -> {
                        tellDown(link, from);
                        tellDown(link, to);
                    });
            return;
        }
        timeline.at(link.inOrder(to, arrival(from, to)), () -> accept(link));
    }

    private void accept(Link link) {
        if (!link.isAlive()) {
            return;
        }
        if (!endpoint(link.accepter).isUp()) {
            timeline.after(delay(link.accepter, link.asker), () -> tellDown(link, link.asker));
            return;
        }
        for (Link old : List.copyOf(links)) {
            if (old != link
                    && old.other(link.asker) == link.accepter
                    && old.other(link.accepter) == link.asker) {
                tellDown(old, link.accepter);
            }
        }
        tellUp(link, link.accepter);
        timeline.at(
                link.inOrder(link.asker, arrival(link.accepter, link.asker)),
                () -> tellUp(link, link.asker));
    }

    private void tellUp(Link link, long sid) {
        if (link.isAlive() && endpoint(sid).isUp()) {
            link.up(sid);
            endpoint(sid).offer(new Input.LinkUp(link.other(sid)));
        }
    }

    /** One end learns that there is no link, once. */
    private void tellDown(Link link, long sid) {
        if (link.isGone(sid)) {
            return;
        }
        link.gone(sid);
        if (link.concerns(sid)) {
            endpoint(sid).offer(new Input.LinkDown(link.other(sid)));
        }
        forgetIfOver(link);
    }

    private void forgetIfOver(Link link) {
        if (link.isGone(link.asker) && link.isGone(link.accepter)) {
            links.remove(link);
        }
    }

    /** Gives a link up: the other end hears of it behind all that was sent before. */
    public void disconnect(long from, long to) {
        for (Link link : List.copyOf(links)) {
            if (!link.isGone(from)
                    && (link.asker == from || link.accepter == from)
                    && link.other(from) == to) {
                link.gone(from);
                timeline.at(
                        link.inOrder(to, arrival(from, to)),
                        () -> {
                            tellDown(link, to);
                            forgetIfOver(link);
                        });
            }
        }
    }

    /** Sends over a link, if there is one. */
    public void send(long from, long to, Message message) {
        Link link = alive(from, to);
        if (link == null || !link.isUp(from)) {
            return;
        }
        if (chance.happens(traits.lostMessages())) {
            return;
        }
        long at = link.inOrder(to, arrival(from, to));
        timeline.at(at, () -> receive(link, from, message));
    }

    private void receive(Link link, long from, Message message) {
        long to = link.other(from);
        if (link.isGone(to) || link.isCut(to, timeline.nowMicros()) || !endpoint(to).isUp()) {
            return;
        }
        if (trace.isKept()) {
            trace.detail(message.toString());
        }
        trace.add(Trace.Kind.RECEIVE, to, from, 0);
        endpoint(to).offer(new Input.Received(from, message));
        if (message instanceof Message.SnapZnodes znodes && !link.isGone(from)) {
            endpoint(from).offer(new Input.LinkRoom(to, znodes.znodes().size()));
        }
    }

    private void deliver(Link link, long sid, Input input) {
        timeline.at(
                link.inOrder(sid, timeline.nowMicros() + 1),
                () -> {
                    if (!link.isGone(sid)) {
                        endpoint(sid).offer(input);
                    }
                });
    }

    /**
     * What arrives at {@code sid} after some moment is lost; then it hears that the link is gone.
     */
    private void breakTowards(Link link, long sid) {
        long cut = timeline.nowMicros() + chance.around(delay(link.other(sid), sid));
        link.cut(sid, cut);
        timeline.at(cut + 1, () -> tellDown(link, sid));
    }

    /**
     * A server's process has ended.
     *
     * @param silently whether its host has gone too, so that nobody tells the others
     */
    public void down(long sid, boolean silently) {
        for (Link link : List.copyOf(links)) {
            if (link.asker != sid && link.accepter != sid) {
                continue;
            }
            link.gone(sid);
            long other = link.other(sid);
            if (silently) {
                link.cut(other, timeline.nowMicros() + delay(sid, other));
                timeline.after(KEEPALIVE_MICROS, () -> tellDown(link, other));
            } else {
                breakTowards(link, other);
            }
            forgetIfOver(link);
        }
    }
}
