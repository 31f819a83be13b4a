package vivarium.properties.differential;

import java.io.IOException;
import java.util.List;

/** Two servers that somebody else has started; what else is in their trees is left alone. */
final class TwoAddresses implements Pair {

    private final String leftName;
    private final Side left;
    private final String rightName;
    private final Side right;
    private final String prefix;
    private int tries;

    /**
     * @param prefix how the znodes begin that the tries have for themselves, as {@code /name}
     */
    TwoAddresses(String leftName, Side left, String rightName, Side right, String prefix) {
        this.leftName = leftName;
        this.left = left;
        this.rightName = rightName;
        this.right = right;
        this.prefix = prefix;
    }

    @Override
    public String firstDifference(List<Step> steps) throws IOException {
        String parent = prefix + tries++;
        List<Step> own = Elsewhere.avoid(steps);
        return SideBySide.firstDifference(
                leftName,
                new Conversation(left, own, Ear.faithful()),
                rightName,
                new Conversation(right, own, Ear.faithful()),
                parent);
    }

    /** Each try has a znode of its own, and zxids are counted from its start. */
    @Override
    public void renew() {}

    @Override
    public void close() {}
}
