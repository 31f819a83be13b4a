package vivarium.server;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.CreateMode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.net.Audit;
import vivarium.plugins.AuthProviders;

/**
 * The audit: one line of the log for each change that a client of this server has asked for, done
 * or refused, for each ephemeral that went with its session, and for the start and stop of the
 * server. Lines, their order and the log's name are ZooKeeper's. Belongs to the loop's thread, but
 * for {@link #started} and {@link #stopped}.
 */
final class AuditLog implements Audit {
    /** The class of ZooKeeper's that writes its audit, and so its log's name. */
    static final String NAME = "org.apache.zookeeper.audit.Slf4jAuditLogger";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);

    /** Who the server runs as: the user of what it does by itself. */
    private final String self = System.getProperty("user.name", "");

    /** What the operator's own ways to prove who one is call people; null for none. */
    private final @Nullable AuthProviders providers;

    /** Ends of sessions that are proposed and not applied yet, in the order of their zxids. */
    private final ArrayDeque<Proposal> endings = new ArrayDeque<>();

    AuditLog(@Nullable AuthProviders providers) {
        this.providers = providers;
    }

    void started() {
        LOG.info("user={}\toperation=serverStart\tresult=success", self);
    }

    void stopped() {
        LOG.info("user={}\toperation=serverStop\tresult=invoked", self);
    }

    @Override
    public boolean concerns(Operation operation) {
        return switch (operation) {
            case Operation.Create _,
                    Operation.Delete _,
                    Operation.SetData _,
                    Operation.SetAcl _,
                    Operation.Multi _ ->
                    true;
            case Operation.Write _, Operation.Read _, Operation.Sync _ -> false;
        };
    }

    @Override
    public void done(Client client, Operation operation, Outcome outcome) {
        boolean refused = outcome instanceof Outcome.Failed;
        switch (operation) {
            case Operation.Create create -> {
                String path =
                        outcome instanceof Outcome.Created created
                                ? created.path().toString()
                                : create.path().toString();
                say(client, "create", path, "znode_type=" + type(create), refused);
            }
            case Operation.Delete delete ->
                    say(client, "delete", delete.path().toString(), null, refused);
            case Operation.SetData set ->
                    say(client, "setData", set.path().toString(), null, refused);
            case Operation.SetAcl set ->
                    say(client, "setAcl", set.path().toString(), "acl=" + text(set.acl()), refused);
            case Operation.Multi multi -> multi(client, multi, outcome);
            case Operation.Write _, Operation.Read _, Operation.Sync _ -> {}
        }
    }

    /** Each part of one that was done is a line of its own; a refused one is one line. */
    private void multi(Client client, Operation.Multi multi, Outcome outcome) {
        if (!(outcome instanceof Outcome.MultiOutcome(List<Outcome> outcomes))
                || outcomes.stream().anyMatch(part -> part instanceof Outcome.Failed)) {
            say(client, "multiOperation", null, null, true);
            return;
        }
        for (int i = 0; i < outcomes.size(); i++) {
            done(client, multi.parts().get(i), outcomes.get(i));
        }
    }

    private static String type(Operation.Create create) {
        CreateMode mode = CreateMode.of(create.flags());
        if (mode == null) {
            return "null";
        }
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** An access list as ZooKeeper's audit writes it, with nothing between its entries. */
    private static String text(@Nullable List<Acl> acl) {
        List<String> entries = new ArrayList<>();
        for (Acl entry : acl == null ? List.<Acl>of() : acl) {
            StringBuilder perms = new StringBuilder();
            String letters = "cdrwa";
            int[] bits = {Acl.CREATE, Acl.DELETE, Acl.READ, Acl.WRITE, Acl.ADMIN};
            for (int i = 0; i < bits.length; i++) {
                if ((entry.perms() & bits[i]) != 0) {
                    perms.append(letters.charAt(i));
                }
            }
            entries.add(entry.scheme() + ":" + entry.id() + ":" + perms);
        }
        return String.join("", entries);
    }

    private void say(
            Client client,
            String operation,
            @Nullable String path,
            @Nullable String more,
            boolean refused) {
        InetSocketAddress from = client.address();
        String line =
                "session=0x"
                        + Long.toHexString(client.sessionId())
                        + "\tuser="
                        + users(client.identities())
                        + "\tip="
                        + from.getAddress().getHostAddress()
                        + "\toperation="
                        + operation
                        + (path == null ? "" : "\tznode=" + oneLine(path))
                        + (more == null ? "" : "\t" + oneLine(more))
                        + "\tresult="
                        + (refused ? "failure" : "success");
        if (refused) {
            LOG.error("{}", line);
        } else {
            LOG.info("{}", line);
        }
    }

    /** Nobody may forge a line, or a field of one, by the name of a znode. */
    private static String oneLine(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) ? '?' : c);
        }
        return safe.toString();
    }

    /** What follows a colon is a hash of a password, which is nobody's name. */
    private String users(List<Identity> identities) {
        List<String> names = new ArrayList<>();
        for (Identity identity : identities) {
            String id =
                    providers != null && providers.has(identity.scheme())
                            ? providers.nameOf(identity)
                            : identity.id();
            int colon = identity.scheme().equals("digest") ? id.indexOf(':') : -1;
            if (id.isEmpty()) {
                continue; // the super user has a name by its other identity
            }
            names.add(oneLine(colon < 0 ? id : id.substring(0, colon)));
        }
        return String.join(",", names);
    }

    /** A proposal goes to the log; if it ends a session, its ephemerals go when it is applied. */
    void appended(Proposal proposal) {
        if (proposal.txn() instanceof Txn.CloseSession) {
            endings.add(proposal);
        }
    }

    /** What is behind {@code zxid} has never been agreed. */
    void truncated(long zxid) {
        endings.removeIf(proposal -> proposal.zxid() > zxid);
    }

    /** All up to {@code zxid} has been applied to the tree. */
    void applied(long zxid) {
        Proposal first = endings.peek();
        while (first != null && first.zxid() <= zxid) {
            endings.remove();
            if (first.txn() instanceof Txn.CloseSession close && close.paths() != null) {
                for (Path path : close.paths()) {
                    ended(first.sessionId(), path);
                }
            }
            first = endings.peek();
        }
    }

    private void ended(long sessionId, Path path) {
        LOG.info(
                "session=0x{}\tuser={}\toperation=ephemeralZNodeDeletionOnSessionCloseOrExpire"
                        + "\tznode={}\tresult=success",
                Long.toHexString(sessionId),
                self,
                oneLine(path.toString()));
    }
}
