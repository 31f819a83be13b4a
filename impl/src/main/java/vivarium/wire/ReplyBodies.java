package vivarium.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Outcome;

/** What stands in a reply behind its header. */
final class ReplyBodies {
    private ReplyBodies() {}

    static void write(JuteWriter out, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done _, Outcome.Checked _, Outcome.Failed _ -> {
                // The header has said it all.
            }
            case Outcome.Created created -> created(out, created);
            case Outcome.StatOf of -> stat(out, of.stat());
            case Outcome.Data data -> {
                out.buffer(data.data());
                stat(out, data.stat());
            }
            case Outcome.AclOf of -> {
                acl(out, of.acl());
                stat(out, of.stat());
            }
            case Outcome.Children children -> children(out, children.names(), children.stat());
            case Outcome.Synced synced -> {
                Path path = synced.path();
                if (path == null) {
                    out.int32(JuteWriter.NULL_LENGTH);
                } else {
                    out.echo(path);
                }
            }
            case Outcome.Ephemerals ephemerals -> out.echo(ephemerals.paths());
            case Outcome.Count count -> out.int32(count.number());
            case Outcome.Who who -> identities(out, who.identities());
            case Outcome.WatchAdded _ -> out.int32(ErrorCode.OK.code());
            case Outcome.MultiOutcome multi -> multi(out, multi.parts());
        }
    }

    static void stat(JuteWriter out, Stat stat) {
        out.int64(stat.czxid());
        out.int64(stat.mzxid());
        out.int64(stat.ctimeMillis());
        out.int64(stat.mtimeMillis());
        out.int32(stat.version());
        out.int32(stat.cversion());
        out.int32(stat.aversion());
        out.int64(stat.ephemeralOwner());
        out.int32(stat.dataLength());
        out.int32(stat.numChildren());
        out.int64(stat.pzxid());
    }

    private static void created(JuteWriter out, Outcome.Created created) {
        out.echo(created.path());
        if (created.kind().repliesStat()) {
            stat(out, created.stat());
        }
    }

    private static void children(JuteWriter out, List<Bytes> names, @Nullable Stat stat) {
        out.int32(names.size());
        for (int i = 0; i < names.size(); i++) {
            out.name(names.get(i));
        }
        if (stat != null) {
            stat(out, stat);
        }
    }

    private static void acl(JuteWriter out, List<Acl> acl) {
        out.int32(acl.size());
        for (int i = 0; i < acl.size(); i++) {
            Acl entry = acl.get(i);
            out.int32(entry.perms());
            out.echo(entry.scheme());
            out.echo(entry.id());
        }
    }

    private static void identities(JuteWriter out, List<Identity> identities) {
        out.int32(identities.size());
        for (Identity identity : identities) {
            out.echo(identity.scheme());
            out.echo(identity.id());
        }
    }

    private static void multi(JuteWriter out, List<Outcome> parts) {
        for (int i = 0; i < parts.size(); i++) {
            Outcome part = parts.get(i);
            if (part instanceof Outcome.Failed failed) {
                multiHeader(out, Opcode.ERROR, false, failed.error().code());
                out.int32(failed.error().code());
            } else {
                multiHeader(out, resultType(part), false, ErrorCode.OK.code());
                write(out, part);
            }
        }
        multiHeader(out, -1, true, -1);
    }

    static void multiHeader(JuteWriter out, int type, boolean done, int error) {
        out.int32(type);
        out.bool(done);
        out.int32(error);
    }

    /** The opcode that tells the client how to read a part's result. */
    private static int resultType(Outcome part) {
        return switch (part) {
            case Outcome.Created created ->
                    created.kind() == CreateKind.CREATE ? Opcode.CREATE : Opcode.CREATE2;
            case Outcome.Done _ -> Opcode.DELETE;
            case Outcome.Checked _ -> Opcode.CHECK;
            case Outcome.StatOf _ -> Opcode.SET_DATA;
            case Outcome.Data _ -> Opcode.GET_DATA;
            case Outcome.Children _ -> Opcode.GET_CHILDREN;
            case Outcome.Failed _,
                    Outcome.AclOf _,
                    Outcome.Synced _,
                    Outcome.Ephemerals _,
                    Outcome.Count _,
                    Outcome.Who _,
                    Outcome.WatchAdded _,
                    Outcome.MultiOutcome _ ->
                    throw new IllegalArgumentException("no part of a multi: " + part);
        };
    }
}
