package vivarium.core.tree;

import java.util.List;
import vivarium.core.watch.WatchEvent;

/** Hears of each change while it is made, in the order of the transactions. */
@FunctionalInterface
public interface TreeListener {
    /** Hears nothing: for a tree that is being recovered. */
    TreeListener NONE = (event, acl) -> {};

    /**
     * @param event what happened
     * @param acl who may know: the access list of the znode that the event is about
     */
    void onChange(WatchEvent event, List<Acl> acl);

    /** A subtree has more than its quota says. */
    default void onOverQuota(OverQuota excess) {}
}
