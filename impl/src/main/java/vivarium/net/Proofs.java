package vivarium.net;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Identity;

/** Judges how clients prove who they are. */
public interface Proofs {
    /**
     * Whom a client has proven to be.
     *
     * @param scheme the kind of proof, as the client names it
     * @param proof the proof itself; for {@code digest} that is {@code user:password}; null for
     *     none
     * @param client whose proof it is
     * @return null if it has not proven to be anybody; empty where there is nothing to prove
     */
    @Nullable List<Identity> judge(String scheme, @Nullable Bytes proof, Audit.Client client);
}
