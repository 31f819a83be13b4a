package vivarium.properties.differential;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;

/** Mistakes that a server could make, made by the ear instead: the comparison has to notice. */
enum PlantedMistake {
    CZXID_ONE_TOO_HIGH(() -> stat(fields -> fields.putLong(0, fields.getLong(0) + 1))),
    MZXID_ONE_TOO_HIGH(() -> stat(fields -> fields.putLong(8, fields.getLong(8) + 1))),
    CTIME_LATER_THAN_MTIME(() -> stat(fields -> fields.putLong(16, fields.getLong(16) + 1))),
    VERSION_ONE_TOO_HIGH(() -> stat(fields -> fields.putInt(32, fields.getInt(32) + 1))),
    CVERSION_ONE_TOO_HIGH(() -> stat(fields -> fields.putInt(36, fields.getInt(36) + 1))),
    AVERSION_ONE_TOO_HIGH(() -> stat(fields -> fields.putInt(40, fields.getInt(40) + 1))),
    EPHEMERAL_OWNER_OF_ANOTHER_SESSION(
            () -> stat(fields -> fields.putLong(44, fields.getLong(44) + 1))),
    DATA_LENGTH_ONE_TOO_HIGH(() -> stat(fields -> fields.putInt(52, fields.getInt(52) + 1))),
    CHILDREN_ONE_TOO_MANY(() -> stat(fields -> fields.putInt(56, fields.getInt(56) + 1))),
    PZXID_ONE_TOO_HIGH(() -> stat(fields -> fields.putLong(60, fields.getLong(60) + 1))),
    REPLY_WITH_A_STALE_ZXID(() ->
            replies(reply -> new Frame(reply.xid(), reply.zxid() - 1, reply.err(), reply.body()))),
    REPLY_UNDER_ANOTHER_XID(() ->
            replies(reply -> new Frame(reply.xid() + 1, reply.zxid(), reply.err(), reply.body()))),
    ONE_BYTE_TOO_MANY(() ->
            replies(reply ->
                    new Frame(
                            reply.xid(),
                            reply.zxid(),
                            reply.err(),
                            ByteBuffer.allocate(reply.body().length + 1)
                                    .put(reply.body())
                                    .array()))),
    NODE_EXISTS_INSTEAD_OF_NO_NODE(() -> errors(ErrorCode.NO_NODE, ErrorCode.NODE_EXISTS)),
    NO_NODE_INSTEAD_OF_BAD_ARGUMENTS(() -> errors(ErrorCode.BAD_ARGUMENTS, ErrorCode.NO_NODE)),
    EMPTY_DATA_INSTEAD_OF_NULL(PlantedMistake::emptyInsteadOfNull),
    EVENT_DROPPED(() -> events(_ -> List.of())),
    EVENT_TWICE(() -> events(event -> List.of(event, event))),
    EVENT_WITHOUT_ITS_ZXID(
            () -> events(event -> List.of(new Frame(event.xid(), -1, 0, event.body())))),
    EVENT_OF_ANOTHER_TYPE(() -> events(PlantedMistake::anotherType)),
    EVENTS_SWAPPED(SwappedEvents::new),
    EVENT_AFTER_THE_REPLY_THAT_REVEALS_IT(LateEvents::new);

    private static final int STAT_BYTES = 68;

    @SuppressWarnings("ImmutableEnumChecker") // each call makes a new ear
    private final Supplier<Ear> ears;

    PlantedMistake(Supplier<Ear> ears) {
        this.ears = ears;
    }

    Ear ear() {
        return ears.get();
    }

    private static Ear stat(Consumer<ByteBuffer> change) {
        return replies(reply -> {
            if (reply.body().length != STAT_BYTES) {
                return reply;
            }
            byte[] body = reply.body().clone();
            change.accept(ByteBuffer.wrap(body));
            return new Frame(reply.xid(), reply.zxid(), reply.err(), body);
        });
    }

    private static Ear replies(UnaryOperator<Frame> change) {
        return frame -> List.of(frame.isEvent() ? frame : change.apply(frame));
    }

    private static Ear errors(int from, int to) {
        return replies(reply ->
                reply.err() == from
                        ? new Frame(reply.xid(), reply.zxid(), to, reply.body())
                        : reply);
    }

    private static Ear emptyInsteadOfNull() {
        return replies(reply -> {
            byte[] body = reply.body().clone();
            if (body.length == 4 + STAT_BYTES && ByteBuffer.wrap(body).getInt() == -1) {
                ByteBuffer.wrap(body).putInt(0);
            }
            return new Frame(reply.xid(), reply.zxid(), reply.err(), body);
        });
    }

    private static Ear events(Function<Frame, List<Frame>> change) {
        return frame -> frame.isEvent() ? change.apply(frame) : List.of(frame);
    }

    private static List<Frame> anotherType(Frame event) {
        byte[] body = event.body().clone();
        ByteBuffer.wrap(body).putInt(0, Frame.Event.DATA_CHANGED - event.event().type() + 1);
        return List.of(new Frame(event.xid(), event.zxid(), event.err(), body));
    }

    /** Of two events in a row, the second is heard first. */
    private static final class SwappedEvents implements Ear {
        private final List<Frame> held = new ArrayList<>();

        @Override
        public List<Frame> hear(Frame frame) {
            if (frame.isEvent() && held.isEmpty()) {
                held.add(frame);
                return List.of();
            }
            var heard = new ArrayList<Frame>();
            if (frame.isEvent()) {
                heard.add(frame);
                heard.addAll(held);
            } else {
                heard.addAll(held);
                heard.add(frame);
            }
            held.clear();
            return heard;
        }
    }

    /** Events are heard behind the next reply. */
    private static final class LateEvents implements Ear {
        private final List<Frame> held = new ArrayList<>();

        @Override
        public List<Frame> hear(Frame frame) {
            if (frame.isEvent()) {
                held.add(frame);
                return List.of();
            }
            var heard = new ArrayList<Frame>();
            heard.add(frame);
            heard.addAll(held);
            held.clear();
            return heard;
        }
    }
}
