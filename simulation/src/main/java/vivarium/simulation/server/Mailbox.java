package vivarium.simulation.server;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;

/** What waits to be stepped, in the order in which it came. */
final class Mailbox {
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();

    void add(Input input) {
        inputs.add(input);
    }

    int size() {
        return inputs.size();
    }

    @Nullable Input poll() {
        return inputs.poll();
    }

    void clear() {
        inputs.clear();
    }

    /** What comes over a link that was given up is not heard any more. */
    void forgetLink(long sid) {
        inputs.removeIf(input -> isOverLink(input, sid));
    }

    /** The same of a link that nobody has heard of; news of the end of the one before it stay. */
    @SuppressWarnings("ReferenceEquality") // news of two links are equal
    void forgetLink(Input.LinkUp news) {
        boolean[] behind = {false};
        inputs.removeIf(input -> {
            behind[0] |= input == news;
            return behind[0] && isOverLink(input, news.sid());
        });
    }

    private static boolean isOverLink(Input input, long sid) {
        return switch (input) {
            case Input.Received received -> received.sid() == sid;
            case Input.LinkUp linkUp -> linkUp.sid() == sid;
            case Input.LinkDown linkDown -> linkDown.sid() == sid;
            case Input.LinkRoom room -> room.sid() == sid;
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _, Input.Notified _ -> false;
        };
    }
}
