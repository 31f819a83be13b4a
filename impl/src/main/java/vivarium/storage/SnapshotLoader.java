package vivarium.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead.AclEntry;
import vivarium.core.SnapshotHead.SessionEntry;
import vivarium.core.tree.Acl;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Digest;
import vivarium.wire.MalformedException;
import vivarium.wire.SnapshotCodec;
import vivarium.wire.SnapshotCodec.ZnodeRecord;

/** Turns the bytes of a snapshot into a replica, or says why they are none. */
final class SnapshotLoader {
    /**
     * Stands for an access list that the snapshot does not have: nobody may do anything until the
     * log has said what it is.
     */
    private static final List<Acl> UNKNOWN_ACL = List.of(new Acl(0, "world", "anyone"));

    private final SnapshotInput in;
    private final FileNames.Named named;
    private final Replica replica;
    private final List<String> findings = new ArrayList<>();
    private final Map<Long, List<Acl>> acls = new TreeMap<>();

    private SnapshotLoader(SnapshotInput in, FileNames.Named named, boolean extendedTypes) {
        this.in = in;
        this.named = named;
        this.replica = Replica.unloaded(extendedTypes);
    }

    static LoadedSnapshot load(
            SnapshotInput.Source source, FileNames.Named named, boolean extendedTypes)
            throws IOException {
        SnapshotLoader loader = new SnapshotLoader(new SnapshotInput(source), named, extendedTypes);
        try {
            return loader.load();
        } catch (MalformedException e) {
            throw new DamageException(named.name() + ": " + e.reason());
        }
    }

    private LoadedSnapshot load() throws MalformedException {
        SnapshotCodec.fileHeader(in);
        int sessions = SnapshotCodec.sessionCount(in);
        for (int i = 0; i < sessions; i++) {
            SessionEntry session = SnapshotCodec.session(in);
            replica.loadSession(session.id(), session.timeoutMillis());
        }
        int lists = SnapshotCodec.aclCount(in);
        for (int i = 0; i < lists; i++) {
            AclEntry entry = SnapshotCodec.acl(in);
            acls.put(entry.id(), entry.acl());
        }
        loadZnodes(replica.tree());
        SnapshotCodec.seal(in, in.checksum());
        replica.loaded(named.zxid());
        return tails();
    }

    private void loadZnodes(DataTree tree) throws MalformedException {
        int unknown = 0;
        ZnodeRecord znode = SnapshotCodec.znode(in);
        while (znode != null) {
            long aclId = znode.aclId();
            List<Acl> acl = aclId == SnapshotCodec.OPEN_ACL ? null : acls.get(aclId);
            if (acl == null && aclId != SnapshotCodec.OPEN_ACL) {
                acl = UNKNOWN_ACL;
                unknown++;
            }
            if (!tree.load(znode.path(), znode.data(), acl, znode.stat())) {
                throw new MalformedException(
                        "the znode " + znode.path() + " is there twice or before its parent");
            }
            znode = SnapshotCodec.znode(in);
        }
        if (unknown > 0) {
            findings.add(
                    named.name() + ": " + unknown + " znodes whose access lists only the log has.");
        }
    }

    /** Servers before 3.6 write no digest, those before 3.9 no zxid of their own. */
    private LoadedSnapshot tails() throws MalformedException {
        if (in.isAtEnd()) {
            return new LoadedSnapshot(replica, -1, 0, findings);
        }
        long zxid = in.int64();
        long checksum = in.checksum();
        int version = in.int32();
        if (version == 0) {
            // No digest: this was the first half of the seal behind the zxid, always zero.
            sealSecondHalf(checksum);
            return new LoadedSnapshot(replica, -1, 0, findings);
        }
        boolean known = version == Digest.VERSION;
        long digest = 0;
        if (known) {
            digest = in.int64();
        } else {
            in.text();
        }
        SnapshotCodec.seal(in, in.checksum());
        if (!in.isAtEnd()) {
            in.int64();
            SnapshotCodec.seal(in, in.checksum());
        }
        if (known && zxid == named.zxid()) {
            compare(digest);
        }
        return new LoadedSnapshot(replica, known ? zxid : -1, digest, findings);
    }

    private void sealSecondHalf(long checksum) throws MalformedException {
        long sealed = Integer.toUnsignedLong(in.int32());
        if (sealed != checksum || !in.path().isRoot()) {
            throw new MalformedException("its last checksum is wrong");
        }
    }

    /** The very first snapshot of an Apache server says 0, whatever its tree is. */
    private void compare(long digest) {
        boolean isFirst = named.zxid() == 0 && digest == 0;
        if (digest != replica.digest() && !isFirst) {
            findings.add(
                    named.name()
                            + ": its tree has the digest "
                            + Long.toHexString(replica.digest())
                            + ", not "
                            + Long.toHexString(digest)
                            + " as it says.");
        }
    }
}
