package vivarium.properties.replay;

import java.util.List;
import vivarium.core.zab.Message;

/**
 * What is on its way from one server to another.
 *
 * @param kind what the specification calls it
 * @param text the whole of it, as the specification has it
 * @param messages what the core is given, in order
 * @param history of a replica: what has made it what it is
 */
record Parcel(String kind, String text, List<Message> messages, List<Entry> history) {
    static final Parcel DOWN = plain(new Text().with("type", "DOWN"), "DOWN", List.of());

    private static Parcel plain(Text text, String kind, List<Message> messages) {
        return new Parcel(kind, text.toString(), messages, List.of());
    }

    /** The end of a replica, with all pieces before it. */
    static Parcel snapTail(long zxid, List<Entry> history, List<Message> pieces) {
        Text text =
                new Text()
                        .with("type", "SNAPTAIL")
                        .with("z", Text.scaled(zxid))
                        .with("log", Entry.text(history));
        return new Parcel("SNAPTAIL", text.toString(), List.copyOf(pieces), List.copyOf(history));
    }

    /** Anything else; what the specification leaves out has no kind. */
    static Parcel of(Message sent) {
        Message message = onTheWire(sent);
        Text text = new Text();
        String kind =
                switch (message) {
                    case Message.LearnerInfo info -> {
                        text.with("accepted", info.acceptedEpoch());
                        yield "LEARNERINFO";
                    }
                    case Message.LeaderInfo info -> {
                        text.with("epoch", info.epoch());
                        yield "LEADERINFO";
                    }
                    case Message.AckEpoch ack -> {
                        text.with("promised", ack.promised())
                                .with("current", ack.currentEpoch())
                                .with("last", Text.scaled(ack.lastZxid()));
                        yield "ACKEPOCH";
                    }
                    case Message.NewLeader newLeader -> {
                        text.with("epoch", newLeader.epoch());
                        yield "NEWLEADER";
                    }
                    case Message.Diff diff -> ofZxid("DIFF", diff.zxid(), text);
                    case Message.Trunc trunc -> ofZxid("TRUNC", trunc.zxid(), text);
                    case Message.Commit commit -> ofZxid("COMMIT", commit.zxid(), text);
                    case Message.Ack ack -> ofZxid("ACK", ack.zxid(), text);
                    case Message.Propose propose -> {
                        text.with("entry", new Entry(propose.proposal()).text());
                        yield "PROPOSAL";
                    }
                    case Message.Inform inform -> {
                        text.with("entry", new Entry(inform.proposal()).text());
                        yield "INFORM";
                    }
                    case Message.Snap _ -> "SNAP";
                    case Message.UpToDate _ -> "UPTODATE";
                    case Message.SnapPart _, Message.FromLearner _, Message.FromLeader _ -> "";
                };
        return plain(text.with("type", kind), kind, List.of(message));
    }

    private static String ofZxid(String kind, long zxid, Text text) {
        text.with("z", Text.scaled(zxid));
        return kind;
    }

    /** A promise that was made before does not tell of the epoch. */
    private static Message onTheWire(Message message) {
        return message instanceof Message.AckEpoch ack && !ack.promised()
                ? new Message.AckEpoch(false, -1, ack.lastZxid())
                : message;
    }
}
