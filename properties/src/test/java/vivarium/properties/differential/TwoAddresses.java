package vivarium.properties.differential;

import java.io.IOException;
import java.util.List;

/** Two servers that somebody else has started; what else is in their trees is left alone. */
final class TwoAddresses implements Pair {

    private static final String QUOTAS = "/zookeeper/quota";

    private final String leftName;
    private final Side left;
    private final String rightName;
    private final Side right;
    private final String home;
    private int tries;

    /**
     * @param home a znode to be made, below which the tries are: their numbers have one past
     */
    TwoAddresses(String leftName, Side left, String rightName, Side right, String home)
            throws IOException {
        this.leftName = leftName;
        this.left = left;
        this.rightName = rightName;
        this.right = right;
        this.home = home;
        for (String path : List.of(home, QUOTAS + home)) {
            Conversation.prepare(left, path);
            Conversation.prepare(right, path);
        }
    }

    @Override
    public String firstDifference(List<Step> steps) throws IOException {
        String parent = home + "/try" + tries++;
        List<Step> elsewhere = Elsewhere.avoid(steps);
        List<Step> own = left.hasSeveral() ? Deadly.avoid(elsewhere) : elsewhere;
        return SideBySide.firstDifference(
                leftName,
                new Conversation(left, own, Ear.faithful()),
                rightName,
                new Conversation(right, own, Ear.faithful()),
                parent);
    }

    @Override
    public boolean mayTrail() {
        return left.hasSeveral();
    }

    /** Each try has a znode of its own, and zxids are counted from its start. */
    @Override
    public void renew() {}

    @Override
    public void close() throws IOException {
        for (String path : List.of(home, QUOTAS + home)) {
            Conversation.tidy(left, path);
            Conversation.tidy(right, path);
        }
    }
}
