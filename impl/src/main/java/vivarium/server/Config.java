package vivarium.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vivarium.core.Settings;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.tree.AclSchemes;
import vivarium.net.PeerSettings;
import vivarium.net.PortSettings;
import vivarium.net.QuorumLinks;
import vivarium.plugins.AuthProviders;
import vivarium.storage.LogSettings;
import vivarium.storage.SnapshotSettings;

/**
 * Everything that a person decides about a server, checked: keys and meanings of ZooKeeper's {@code
 * zoo.cfg}. Nothing is read from system properties after it was made, so that several servers in
 * one JVM may differ.
 *
 * @param dataDir where snapshots and epochs are
 * @param dataLogDir where the log is; {@code dataDir} unless set
 * @param createsDirs whether they are made where they do not exist
 * @param port how clients are served
 * @param peers how it talks to the other servers of its ensemble; null for a server alone
 * @param settings what the peer is told
 * @param log how the log is written
 * @param snapshots how snapshots are written
 * @param snapshotLogBytes after how many bytes of log, at most, one is due; 0 for any number
 * @param snapshotSizeFactor how long the log may be from a learner's place on, as a part of a
 *     snapshot, for the learner to be sent it; below 0 it is always sent a snapshot
 * @param slowForceMillis a force that takes longer than this is worth a warning
 * @param purgeIntervalHours how often old files are removed; 0 for never
 * @param retainedSnapshots how many snapshots are kept then
 * @param words the four-letter words that may be asked; "*" for all
 * @param digestAlgorithm how the passwords of the digest scheme are hashed
 * @param providers the operator's own ways to prove who one is; null for none
 * @param superDigest who is the super user, as {@code user:hash}; null for nobody
 * @param digestEnabled whether the digest scheme exists
 * @param trustsEmpty whether a log without any snapshot is taken for the whole history
 * @param audits whether changes are written down in the audit
 * @param metrics where measures are served by HTTP; null for nowhere
 * @param record where the peer's inputs are recorded; null for nowhere
 * @param recordMegabytes how long that file may become
 * @param properties those settings that other parts of the JVM may look for as system properties
 * @param warnings what the person should know
 */
public record Config(
        Path dataDir,
        Path dataLogDir,
        boolean createsDirs,
        PortSettings port,
        @Nullable PeerSettings peers,
        Settings settings,
        LogSettings log,
        SnapshotSettings snapshots,
        long snapshotLogBytes,
        double snapshotSizeFactor,
        int slowForceMillis,
        int purgeIntervalHours,
        int retainedSnapshots,
        Set<String> words,
        String digestAlgorithm,
        @Nullable String superDigest,
        boolean digestEnabled,
        @Nullable AuthProviders providers,
        boolean trustsEmpty,
        boolean audits,
        @Nullable MetricsSettings metrics,
        @Nullable Path record,
        int recordMegabytes,
        Map<String, String> properties,
        List<String> warnings) {

    /** The port that clients expect where nobody told them another. */
    public static final int USUAL_PORT = 2181;

    /** A file of this name in a data directory says that its server is new. */
    static final String INITIALIZE = "initialize";

    private static final int DEFAULT_TICK_MILLIS = 3000;
    private static final double DEFAULT_SIZE_FACTOR = 0.33;
    private static final int DEFAULT_MAX_BUFFER = 0xfffff;
    private static final int LEAST_EXTRA_BYTES = 1024;
    private static final int DEFAULT_CONNECT_MILLIS = 5000;
    private static final int DEFAULT_BIND_TRIES = 3;
    private static final int LEAST_SNAPSHOTS = 3;

    public Config {
        words = Set.copyOf(words);
        properties = Map.copyOf(properties);
        warnings = List.copyOf(warnings);
    }

    /** The configuration with these keys and values of {@code zoo.cfg}. */
    public static Config of(Map<String, String> values) throws ConfigException {
        ConfigValues all = new ConfigValues(new Properties());
        values.forEach((key, value) -> all.set(key, value, "setting"));
        return of(all);
    }

    /**
     * The configuration that a file and the command line give.
     *
     * @param file null where there is none
     * @param flags keys and values from the command line, which count more than the file
     * @param system the system properties, which count less
     * @throws ConfigException if something can't be meant; nothing has been written yet
     */
    public static Config of(@Nullable Path file, Map<String, String> flags, Properties system)
            throws ConfigException {
        ConfigValues all = new ConfigValues(system);
        if (file != null) {
            for (ConfigFile.Entry entry : ConfigFile.read(file)) {
                all.set(entry.key(), entry.value(), file + ":" + entry.line());
            }
        }
        flags.forEach((key, value) -> all.set(key, value, "command line"));
        return of(all);
    }

    private static Config of(ConfigValues values) throws ConfigException {
        Map<String, String> properties = new TreeMap<>();
        checkKeys(values, properties);
        ConfigValues.Value dir =
                values.require("dataDir", "the directory for the data is expected, dataDir=<path>");
        Path dataDir = values.path("dataDir");
        if (dataDir == null) {
            throw ConfigValues.wrong("dataDir", dir, "the path of a directory is expected");
        }
        Path dataLogDir = values.path("dataLogDir");
        EnsembleLines lines = EnsembleLines.of(values, dataDir);
        int maxBuffer = values.integer("jute.maxbuffer", DEFAULT_MAX_BUFFER, 1, Integer.MAX_VALUE);
        int extra = values.integer("jute.maxbuffer.extrasize", maxBuffer, 0, Integer.MAX_VALUE);
        long field = (long) maxBuffer + Math.max(extra, LEAST_EXTRA_BYTES);
        int fieldBytes = (int) Math.min(field, Integer.MAX_VALUE - 8);
        int mostMillis = Integer.MAX_VALUE;
        AuthProviders providers = AuthKeys.providers(values);
        AclSchemes schemes = providers == null ? AclSchemes.NONE : providers;
        return new Config(
                dataDir.toAbsolutePath().normalize(),
                (dataLogDir == null ? dataDir : dataLogDir).toAbsolutePath().normalize(),
                values.flag("datadir.autocreate", true),
                PortKeys.of(values, lines, maxBuffer, schemes),
                peers(values, lines, fieldBytes),
                settings(values, lines, schemes, isVouchedNew(values, dataDir, dataLogDir)),
                DiskKeys.log(values, fieldBytes),
                DiskKeys.snapshots(values),
                DiskKeys.snapshotLogBytes(values),
                values.fraction("snapshotSizeFactor", DEFAULT_SIZE_FACTOR),
                values.integer("fsync.warningthresholdms", 1000, 0, mostMillis),
                values.integer("autopurge.purgeInterval", 0, 0, 24 * 366),
                retained(values),
                words(values),
                values.text("DigestAuthenticationProvider.digestAlg", "SHA1"),
                AuthKeys.superDigest(values),
                values.flag("DigestAuthenticationProvider.enabled", true),
                providers,
                values.flag("snapshot.trust.empty", false),
                audits(values),
                MetricsSettings.of(values),
                values.path("vivarium.record"),
                values.integer("vivarium.recordMegabytes", 256, 1, 2000),
                properties,
                values.warnings());
    }

    private static @Nullable PeerSettings peers(
            ConfigValues values, EnsembleLines lines, int maxFieldBytes) throws ConfigException {
        int algorithm = values.integer("electionAlg", 3, 0, Integer.MAX_VALUE);
        if (algorithm != 3) {
            throw ConfigValues.wrong(
                    "electionAlg",
                    values.require("electionAlg", ""),
                    "3 is the only way to elect a leader that ZooKeeper still has");
        }
        int connectMillis =
                values.integer("cnxTimeout", DEFAULT_CONNECT_MILLIS, 1, Integer.MAX_VALUE);
        if (lines.isAlone()) {
            return null;
        }
        return new PeerSettings(
                lines.self(),
                lines.members(),
                values.flag("quorumListenOnAllIPs", false),
                values.flag("multiAddress.enabled", false),
                connectMillis,
                connectMillis,
                values.integer("electionPortBindRetry", DEFAULT_BIND_TRIES, 0, Integer.MAX_VALUE),
                values.integer("tickTime", DEFAULT_TICK_MILLIS, 1, 1 << 26),
                maxFieldBytes,
                lines.version(),
                lines.text());
    }

    /** They have no default, as with ZooKeeper: a limit that nobody chose is too short or long. */
    private static int limit(ConfigValues values, String key, EnsembleLines lines, int alone)
            throws ConfigException {
        if (!lines.isAlone()) {
            var _ = values.require(key, "an ensemble needs it, a number of ticks such as " + alone);
        }
        return values.integer(key, alone, 1, Integer.MAX_VALUE);
    }

    private static Settings settings(
            ConfigValues values, EnsembleLines lines, AclSchemes schemes, boolean vouchedNew)
            throws ConfigException {
        int tick = values.integer("tickTime", DEFAULT_TICK_MILLIS, 1, 1 << 26);
        // As with ZooKeeper, -1 says that the proportions of the tick count.
        int min = values.integer("minSessionTimeout", -1, -1, Integer.MAX_VALUE);
        int max = values.integer("maxSessionTimeout", -1, -1, Integer.MAX_VALUE);
        int minMillis = min == -1 ? 2 * tick : min;
        int maxMillis = max == -1 ? 20 * tick : max;
        if (minMillis > maxMillis) {
            throw ConfigValues.wrong(
                    min == -1 ? "maxSessionTimeout" : "minSessionTimeout",
                    values.require(min == -1 ? "maxSessionTimeout" : "minSessionTimeout", ""),
                    "sessions between "
                            + minMillis
                            + " ms (minSessionTimeout, 2 ticks unless set) and "
                            + maxMillis
                            + " ms (maxSessionTimeout, 20 ticks unless set) are none");
        }
        int outstanding = values.integer("globalOutstandingLimit", 1000, 1, Integer.MAX_VALUE);
        return new Settings(
                lines.ensemble(),
                new Timing(
                        tick,
                        minMillis,
                        maxMillis,
                        limit(values, "initLimit", lines, 10),
                        limit(values, "syncLimit", lines, 5)),
                extendedTypes(values, lines),
                values.flag("skipACL", false),
                values.flag("enforceQuota", false),
                Math.max(2, values.integer("snapCount", 100_000, 0, Integer.MAX_VALUE)),
                outstanding,
                values.integer("commitLogCount", 500, 1, Integer.MAX_VALUE),
                DiskKeys.containers(values),
                DiskKeys.digests(values),
                vouchedNew,
                values.flag("readonlymode.enabled", false),
                Zxid.LAST_COUNTER,
                Settings.FIRST_ZNODES,
                QuorumLinks.behindBytes(),
                schemes);
    }

    /**
     * A server's sessions have its id in their top byte, and a znode with a time to live has 255
     * there instead of a session.
     */
    private static boolean extendedTypes(ConfigValues values, EnsembleLines lines)
            throws ConfigException {
        String key = "extendedTypesEnabled";
        boolean extended = values.flag(key, false);
        boolean isTaken =
                lines.ensemble().voters().contains(ServerLine.LARGEST_SID)
                        || lines.ensemble().observers().contains(ServerLine.LARGEST_SID);
        if (extended && isTaken) {
            throw ConfigValues.wrong(
                    key,
                    values.require(key, ""),
                    "ephemerals of server 255 could not be told from znodes with a time to live;"
                            + " ids go from 0 to 254 with it");
        }
        return extended;
    }

    /** As with ZooKeeper's own scripts, a file says so; or a key that nobody sets by accident. */
    private static boolean isVouchedNew(
            ConfigValues values, Path dataDir, @Nullable Path dataLogDir) throws ConfigException {
        return Files.exists(dataDir.resolve(INITIALIZE))
                || (dataLogDir != null && Files.exists(dataLogDir.resolve(INITIALIZE)))
                || values.flag("db.autocreate", false);
    }

    private static int retained(ConfigValues values) throws ConfigException {
        int wanted =
                values.integer("autopurge.snapRetainCount", LEAST_SNAPSHOTS, 0, Integer.MAX_VALUE);
        if (wanted < LEAST_SNAPSHOTS) {
            values.warn(
                    "autopurge.snapRetainCount="
                            + wanted
                            + ": "
                            + LEAST_SNAPSHOTS
                            + " snapshots are kept at least");
        }
        return Math.max(LEAST_SNAPSHOTS, wanted);
    }

    private static boolean audits(ConfigValues values) throws ConfigException {
        ConfigValues.Value writer = values.find("audit.impl.class");
        if (writer != null && !writer.text().equals(AuditLog.NAME)) {
            throw ConfigValues.wrong(
                    "audit.impl.class", writer, AuditLog.NAME + " is the only one there is");
        }
        return values.flag("audit.enable", false);
    }

    /** Clients that only read look for a better server by isro. */
    private static Set<String> words(ConfigValues values) throws ConfigException {
        boolean readOnlyMode = values.flag("readonlymode.enabled", false);
        Set<String> words = new TreeSet<>();
        for (String word :
                values.text("4lw.commands.whitelist", readOnlyMode ? "srvr,isro" : "srvr")
                        .split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.strip().toLowerCase(Locale.ROOT));
            }
        }
        return words;
    }

    /** Says which keys mean nothing here, and stops at those that this server must not ignore. */
    private static void checkKeys(ConfigValues values, Map<String, String> properties)
            throws ConfigException {
        for (String key : values.keys()) {
            ConfigValues.Value value = values.require(key, "");
            if (KnownKeys.isMember(key)) {
                continue;
            }
            KnownKeys.Use use = KnownKeys.use(key, value.text());
            if (use == null) {
                properties.put(propertyOf(key), value.text());
                values.warn(
                        value.origin()
                                + ": "
                                + key
                                + " is not known (the nearest known key is "
                                + KnownKeys.nearest(key)
                                + "); it becomes the system property "
                                + propertyOf(key));
                continue;
            }
            checkUse(values, key, value, use);
        }
    }

    private static void checkUse(
            ConfigValues values, String key, ConfigValues.Value value, KnownKeys.Use use)
            throws ConfigException {
        switch (use) {
            case HONOURED, POINTLESS -> {}
            case IGNORED ->
                    values.warn(
                            value.origin() + ": " + key + " has no effect in this server so far");
            case REFUSED -> {
                if (!value.text().equalsIgnoreCase("false") && !value.text().isEmpty()) {
                    throw ConfigValues.unsupported(key, value);
                }
            }
        }
    }

    private static String propertyOf(String key) {
        return key.startsWith("zookeeper.") ? key : "zookeeper." + key;
    }
}
