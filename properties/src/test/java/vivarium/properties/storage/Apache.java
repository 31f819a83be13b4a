package vivarium.properties.storage;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Adler32;
import java.util.zip.CheckedOutputStream;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.OutputArchive;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.TxnLogEntry;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.persistence.FileHeader;
import org.apache.zookeeper.server.persistence.FileSnap;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.persistence.SnapStream;
import org.apache.zookeeper.server.util.SerializeUtils;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Proposal;
import vivarium.properties.wire.Jute;
import vivarium.wire.JuteWriter;
import vivarium.wire.TxnCodec;

/** Apache's own storage and tree, and their content in the words of {@link History#picture}. */
final class Apache {
    private Apache() {}

    /** What Apache's server makes of a data directory. */
    static List<String> pictureOf(Path directory) throws IOException {
        FileTxnSnapLog files = new FileTxnSnapLog(directory.toFile(), directory.toFile());
        ZKDatabase database = new ZKDatabase(files);
        try {
            database.loadDataBase();
            List<String> picture =
                    picture(database.getDataTree(), database.getSessionWithTimeOuts());
            // How much of a quota is used is counted anew by each server, and in no digest.
            picture.removeIf(line -> line.contains("/zookeeper_stats "));
            return picture;
        } finally {
            database.close();
        }
    }

    static List<String> picture(DataTree tree, Map<Long, Integer> sessions) {
        List<String> lines = new ArrayList<>();
        lines.add("zxid " + Long.toHexString(tree.lastProcessedZxid));
        lines.add("digest " + Long.toHexString(tree.getTreeDigest()));
        List<SnapshotHead.SessionEntry> entries = new ArrayList<>();
        new TreeMap<>(sessions)
                .forEach((id, timeout) -> entries.add(new SnapshotHead.SessionEntry(id, timeout)));
        lines.add("sessions " + entries);
        add(tree, "", lines);
        lines.sort(null);
        return lines;
    }

    private static void add(DataTree tree, String path, List<String> lines) {
        DataNode node = tree.getNode(path);
        var stat = node.stat;
        lines.add(
                (path.isEmpty() ? "/" : path)
                        + " "
                        + (node.getData() == null ? null : Bytes.wrap(node.getData()).hashCode())
                        + " "
                        + new StatPersisted(
                                stat.getCzxid(),
                                stat.getMzxid(),
                                stat.getCtime(),
                                stat.getMtime(),
                                stat.getVersion(),
                                stat.getCversion(),
                                stat.getAversion(),
                                stat.getEphemeralOwner(),
                                stat.getPzxid())
                        + " "
                        + Jute.acl(tree.getACL(node)));
        for (String child : node.getChildren()) {
            add(tree, path + "/" + child, lines);
        }
    }

    /** Does what a proposal says. */
    static void apply(DataTree tree, Proposal proposal) throws IOException {
        JuteWriter out = new JuteWriter(256);
        TxnCodec.write(out, proposal);
        TxnLogEntry entry = SerializeUtils.deserializeTxn(out.toArray());
        tree.processTxn(entry.getHeader(), entry.getTxn(), entry.getDigest());
    }

    /** As a snapshot of Apache's is taken: the tree changes before each znode that is written. */
    static void saveFuzzily(
            DataTree tree, Map<Long, Integer> sessions, Path file, Runnable beforeEach)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                CheckedOutputStream checked = new CheckedOutputStream(out, new Adler32())) {
            OutputArchive archive =
                    new BinaryOutputArchive(new DataOutputStream(checked)) {
                        @Override
                        public void writeString(String text, String tag) throws IOException {
                            super.writeString(text, tag);
                            if (tag.equals("path")) {
                                beforeEach.run();
                            }
                        }
                    };
            new FileHeader(FileSnap.SNAP_MAGIC, 2, -1).serialize(archive, "fileheader");
            SerializeUtils.serializeSnapshot(tree, archive, sessions);
            SnapStream.sealStream(checked, archive);
            if (tree.serializeZxidDigest(archive)) {
                SnapStream.sealStream(checked, archive);
            }
            if (tree.serializeLastProcessedZxid(archive)) {
                SnapStream.sealStream(checked, archive);
            }
        }
    }
}
